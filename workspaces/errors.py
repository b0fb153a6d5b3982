"""Refusals: each names the rule that said no. Only `workspaces/api/problems.py` and `workspaces/web` make them answers."""

from enum import StrEnum
from typing import ClassVar

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What sort of no it is; each kind has one HTTP status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    STALE = "stale"
    TOO_LARGE = "too_large"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


STATUS = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.STALE: 412,
    Kind.TOO_LARGE: 413,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}


class DomainError(Exception):
    """A refusal. Facts given by keyword fill the sentence and travel to the edge.

    field: the input it is about, in the words of the inside; None when it is about the whole.
    retry_after: whole seconds after which asking again can help; None when it cannot.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    text: ClassVar[object]  # a lazy sentence with %(fact)s places

    def __init__(self, *, field: str | None = None, retry_after: int | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.retry_after = retry_after
        self.facts = facts

    @property
    def status(self) -> int:
        """The HTTP status of its kind."""
        return STATUS[self.kind]

    @property
    def message(self) -> str:
        """The sentence, in the language that is active now."""
        return str(self.text) % self.facts if self.facts else str(self.text)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class PermissionMissing(DomainError):
    kind = Kind.FORBIDDEN
    code = "workspaces.permission_missing"
    text = _("Your access does not allow this. An owner of the workspace can change it.")


class WorkspaceNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.workspace_not_found"
    text = _("This workspace does not exist, or you are not a member of it.")


class MemberNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.member_not_found"
    text = _("No member %(user_id)s in this workspace.")


class TeamNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.team_not_found"
    text = _("No team %(team_id)s in this workspace.")


class ValueNotValid(DomainError):
    """One value breaks a rule; `sentence` says which and how to mend it."""

    kind = Kind.INVALID
    code = "workspaces.value_not_valid"
    text = "%(sentence)s"


class NameTaken(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.name_taken"
    text = _("“%(name)s” is already in use here. Choose another name.")


class LimitReached(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.limit_reached"
    text = _("At most %(limit)s are allowed here. Remove one first.")


class RankTooLow(DomainError):
    kind = Kind.FORBIDDEN
    code = "workspaces.rank_too_low"
    text = _("Managers invite and change agents only. Ask an owner to do it for the role “%(role)s”.")


class AlreadyMember(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.already_member"
    text = _("%(email)s is a member of this workspace already.")


class OwnAccess(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.own_access"
    text = _("Nobody changes or removes their own access. Ask another owner.")


class LastOwner(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.last_owner"
    text = _("A workspace keeps at least one owner. Make someone else an owner first.")


class InvitationNotValid(DomainError):
    kind = Kind.GONE
    code = "workspaces.invitation_not_valid"
    text = _("This invitation is used, withdrawn or older than 7 days. Ask for a new one.")


class InvitationNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.invitation_not_found"
    text = _("No such invitation in this workspace.")


class InvitationForSomeoneElse(DomainError):
    kind = Kind.FORBIDDEN
    code = "workspaces.invitation_for_someone_else"
    text = _("This invitation is for %(email)s. Log out and open it again, or ask for one of your own.")


class AccountExists(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.account_exists"
    text = _("%(email)s has an account already. Log in with it.")


class NotificationNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.notification_not_found"
    text = _("You have no such notification here.")


class AwayStateNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.away_state_not_found"
    text = _("This away state does not exist, or it is switched off.")


class AwayStateNeeded(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.away_state_needed"
    text = _("This workspace names the reasons to be away. Choose one of them.")


class TokenNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.token_not_found"
    text = _("No such API token in this workspace.")


class TokenNotValid(DomainError):
    kind = Kind.UNAUTHENTICATED
    code = "workspaces.token_not_valid"
    text = _("The token is missing, unknown, expired or revoked. Send “Authorization: Bearer <token>” with a live one.")


class RateExceeded(DomainError):
    kind = Kind.LIMITED
    code = "workspaces.rate_exceeded"
    text = _("Too many requests. Wait for the time in Retry-After.")


class IdempotencyKeyReused(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.idempotency_key_reused"
    text = _("This Idempotency-Key was used with another request. Use a fresh key for each new request.")


class HookNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "workspaces.hook_not_found"
    text = _("No such webhook in this workspace.")


class HookIsOff(DomainError):
    kind = Kind.CONFLICT
    code = "workspaces.hook_is_off"
    text = _("This webhook is off. Turn it on first.")
