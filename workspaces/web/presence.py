"""Presence in words and dots, for the account menu and wherever a member is shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from workspaces.actors import Actor
from workspaces.models import Presence
from workspaces.queries import MemberPresence, away_states, own_presence

KINDS = {"online": "good", "busy": "warn", "offline": "plain"}


@dataclass(frozen=True, slots=True)
class PresenceOption:
    value: str
    words: str
    kind: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PresenceSwitch:
    """What the account menu shows: how one is here, and what one can choose."""

    workspace_id: int
    words: str
    kind: str
    options: list[PresenceOption]


def presence_words(presence: MemberPresence) -> str:
    """Return "Online", "Offline", "Busy", or the away state that somebody chose."""
    if presence.away_name and presence.state == Presence.Choice.BUSY:
        return presence.away_name
    return {"online": _("Online"), "busy": _("Busy"), "offline": _("Offline")}[presence.state]


def presence_switch(actor: Actor) -> PresenceSwitch | None:
    """Return the switch of the person who asks, read in the scope that is open; nobody has none."""
    mine = own_presence(actor)
    if mine is None:
        return None
    busy: list[tuple[str, str, int | None]] = [
        (f"busy:{state.pk}", state.name, state.pk) for state in away_states(actor, only_on=True)
    ] or [("busy", _("Busy"), None)]
    return PresenceSwitch(
        workspace_id=actor.workspace_id,
        words=presence_words(mine),
        kind=KINDS[mine.state],
        options=[
            PresenceOption("online", _("Online"), KINDS["online"], mine.state == "online"),
            *(
                PresenceOption(value, words, KINDS["busy"], mine.state == "busy" and mine.away_state_id == state_id)
                for value, words, state_id in busy
            ),
        ],
    )
