from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from workspaces.models.walled import Walled, WalledManager
from workspaces.models.workspace import Workspace
from workspaces.permissions import Role

ROLES = [(role.value, role.value) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail, in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person who logs in by e-mail. What they may do is said by each membership, never here."""

    class Theme(models.TextChoices):
        SYSTEM = ""
        LIGHT = "light"
        DARK = "dark"

    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=80, blank=True, default="")
    last_name = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="", choices=Theme.choices)
    shortcuts_on = models.BooleanField(default=True)
    import_mail_on = models.BooleanField(default=True, db_default=True)
    # kind of notification: {"centre": bool, "mail": bool}; what is not here is told in the centre, and not by mail
    notification_choices = models.JSONField(default=dict, db_default={})
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_in_any_case")]

    @property
    def name(self) -> str:
        """First and last name, or the e-mail address where both are empty."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_full_name(self) -> str:
        return self.name


class Team(Walled):
    """A group of members; a member is in one at most."""

    name = models.CharField(max_length=80)
    description = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField()

    objects = WalledManager["Team"]()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="team_name_in_workspace")]


class Membership(Walled):
    """A person in a workspace: role, restrictions, team."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=ROLES)
    restrictions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reference = models.CharField(
        max_length=60, blank=True, default="", db_default=""
    )  # the workspace's own, such as a staff number
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Membership"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_workspace")]


class FormerTeam(Walled):
    """A team that was deleted, under the id that past events name: its last name stays in files and figures."""

    team_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField()

    objects = WalledManager["FormerTeam"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "team_id"], name="former_team_once")]


class FormerMember(Walled):
    """Somebody who left the workspace, as they were then, so that old ids can be looked up; gone when they come back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=ROLES)
    restrictions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reference = models.CharField(max_length=60, blank=True, default="")
    team_id = models.BigIntegerField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()

    objects = WalledManager["FormerMember"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="former_member_once")]


class Invitation(Walled):
    """A single-use way in, bound to e-mail, workspace and role. Only the hash of its secret is kept."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=ROLES)
    restrictions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Invitation"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace",
                Lower("email"),
                condition=models.Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_email",
            )
        ]
