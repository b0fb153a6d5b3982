"""Forms of people and settings: they read what was typed; the rules are the actions'."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workspaces import countries
from workspaces.actions import NewPerson, Profile, WorkspaceSettings
from workspaces.actors import Actor
from workspaces.models import Membership, Team, User, Workspace
from workspaces.notices import choosable
from workspaces.permissions import (
    RESTRICTION_NAMES,
    RESTRICTIONS_OF,
    ROLE_NAMES,
    SCOPE_NAMES,
    Restriction,
    Role,
    Scope,
    may_manage_member,
)
from workspaces.web.zones import zone_choices

ROLE_TEXTS = {
    Role.OWNER: _("Everything: people, settings, contacts, API tokens."),
    Role.MANAGER: _("Contacts and settings; invites and changes agents only, and deletes no teams or fields."),
    Role.AGENT: _("Finds and edits contacts. No lists, no settings."),
}
EXPIRES_IN = (
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
    ("", _("Never")),
)
FOLLOWED = "followed"  # the browser or the system chooses; stored as nothing
SELF_CHOSEN = {"autocomplete": "off"}


class GeneralForm(forms.Form):
    """The workspace's own settings."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Days, filters and moments on pages and in files follow it.")
    )
    default_country = forms.ChoiceField(
        label=_("Default country"),
        required=False,
        help_text=_("Phone numbers written without a country code are read as numbers of this country."),
    )
    language = forms.ChoiceField(
        label=_("Language of mail"), choices=settings.LANGUAGES, help_text=_("Invitations are written in it.")
    )
    api_rate_per_second = forms.IntegerField(
        label=_("API requests per second"),
        min_value=1,
        max_value=100,
        help_text=_("For all tokens together, from 1 to 100. Programs that ask more often are told to wait."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]
        named = [("", _("None")), *countries.choices(get_language() or "en")]
        self.fields["default_country"].choices = named  # type: ignore[attr-defined]

    @staticmethod
    def values_of(workspace: Workspace) -> dict[str, object]:
        """Return what the form shows first."""
        return {name: getattr(workspace, name) for name in GeneralForm.base_fields}

    def settings(self) -> WorkspaceSettings:
        """Return what was typed."""
        return WorkspaceSettings(**self.cleaned_data)


class AccessForm(forms.Form):
    """Role and restrictions. Restrictions stand once per role; those of the chosen role count."""

    role = forms.ChoiceField(label=_("Access level"), widget=forms.RadioSelect, initial=Role.AGENT.value)
    manager_restrictions = forms.MultipleChoiceField(
        label=_("Restrictions of this manager"), required=False, widget=forms.CheckboxSelectMultiple
    )
    agent_restrictions = forms.MultipleChoiceField(
        label=_("Restrictions of this agent"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = actor.role or Role.AGENT
        allowed = [role for role in Role if may_manage_member(own_role=own, other_role=role)]
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in allowed]  # type: ignore[attr-defined]
        for role in (Role.MANAGER, Role.AGENT):
            name = f"{role.value}_restrictions"
            if role in allowed:
                self.fields[name].choices = [  # type: ignore[attr-defined]
                    (item.value, RESTRICTION_NAMES[item]) for item in Restriction if item in RESTRICTIONS_OF[role]
                ]
            else:
                del self.fields[name]

    @property
    def roles(self) -> list[dict[str, object]]:
        """The choices with their explanations, for the template."""
        chosen = self["role"].value()
        choices = self.fields["role"].choices  # type: ignore[attr-defined]
        return [
            {"value": value, "name": name, "text": ROLE_TEXTS[Role(value)], "is_chosen": value == chosen}
            for value, name in choices
        ]

    @property
    def restrictions(self) -> list[str]:
        """What was ticked for the role that was chosen."""
        return list(self.cleaned_data.get(f"{self.cleaned_data['role']}_restrictions", []))


class InviteForm(AccessForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("Work e-mail"), max_length=254, widget=forms.EmailInput(attrs={**SELF_CHOSEN, "autofocus": True})
    )
    field_order = ("email", "role", "manager_restrictions", "agent_restrictions")


class MemberForm(AccessForm):
    """What a member may do, their team, and the workspace's own reference."""

    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("Your own number or code for this person, such as a staff number. Files and figures show it."),
        widget=forms.TextInput(attrs=SELF_CHOSEN),
    )

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(team.pk), team.name) for team in teams]
        self.fields["team"].choices = [("", _("No team")), *named]  # type: ignore[attr-defined]

    @staticmethod
    def values_of(member: Membership) -> dict[str, object]:
        """Return what the form shows first."""
        return {
            "role": member.role,
            f"{member.role}_restrictions": member.restrictions,
            "team": member.team_id or "",
            "reference": member.reference,
        }


class TeamForm(forms.Form):
    """A team's name and members."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs=SELF_CHOSEN))
    description = forms.CharField(label=_("Description"), max_length=255, required=False)
    members = forms.TypedMultipleChoiceField(
        label=_("Members"),
        required=False,
        coerce=int,
        help_text=_("A member is in one team at most; whoever you choose leaves their earlier team."),
    )

    def __init__(self, *args: Any, members: list[Membership], team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(member.user_id), _member_label(member, team)) for member in members
        ]


class AwayStateForm(forms.Form):
    """A reason to be away."""

    name = forms.CharField(
        label=_("Name"), max_length=25, widget=forms.TextInput(attrs={**SELF_CHOSEN, "autofocus": True})
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Say which program uses it, so that you know it again in a year."),
        widget=forms.TextInput(attrs={**SELF_CHOSEN, "autofocus": True}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, SCOPE_NAMES[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_in = forms.TypedChoiceField(
        label=_("Expires"), choices=EXPIRES_IN, required=False, coerce=int, empty_value=None, initial="90"
    )

    def expires_at(self, at: datetime) -> datetime | None:
        """Return when the token ends, or None for never."""
        days = self.cleaned_data["expires_in"]
        return None if days is None else at + timedelta(days=days)


def notification_choices() -> list[tuple[str, str | Promise]]:
    """Return what people choose among when they say how they are told."""
    return [(name, kind.choice) for name, kind in choosable().items()]


class ProfileForm(forms.Form):
    """How somebody is called, and what the product looks like to them."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[(FOLLOWED, _("The browser’s language")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[(FOLLOWED, _("What the system says")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    shortcuts_on = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_("Single keys such as / and j. Turn them off if they get in the way of speech or other input."),
    )
    import_mail_on = forms.BooleanField(
        label=_("Mail about imports"),
        required=False,
        help_text=_(
            "One when an import of yours is done, failed or expired. Notifications in the app stay as they are."
        ),
    )
    told_in_centre = forms.MultipleChoiceField(
        label=_("Notifications in the app"),
        choices=notification_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told_by_mail = forms.MultipleChoiceField(
        label=_("Notifications by mail"),
        choices=notification_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @staticmethod
    def values_of(user: User) -> dict[str, object]:
        """Return what the form shows first."""
        names = ("first_name", "last_name", "shortcuts_on", "import_mail_on")
        wishes = {kind: user.notification_choices.get(kind, {}) for kind in choosable()}
        return {
            **{name: getattr(user, name) for name in names},
            "language": user.language or FOLLOWED,
            "theme": user.theme or FOLLOWED,
            "told_in_centre": [kind for kind, wish in wishes.items() if wish.get("centre", True)],
            "told_by_mail": [kind for kind, wish in wishes.items() if wish.get("mail", False)],
        }

    def profile(self) -> Profile:
        """Return what was typed."""
        followed = {name: "" for name in ("language", "theme") if self.cleaned_data[name] == FOLLOWED}
        chosen = {name: frozenset(self.cleaned_data[name]) for name in ("told_in_centre", "told_by_mail")}
        return Profile(**{**self.cleaned_data, **followed, **chosen})


class NewPersonForm(forms.Form):
    """What an invited person says about themselves."""

    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        help_text=_("At least 8 characters; a few unrelated words are easy to keep and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def person(self, *, language: str) -> NewPerson:
        """Return what was typed."""
        return NewPerson(**self.cleaned_data, language=language)


def _member_label(member: Membership, team: Team | None) -> str:
    if member.team is None or member.team == team:
        return member.user.name
    return f"{member.user.name} · {member.team.name}"
