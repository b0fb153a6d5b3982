"""The filters of reports: their words, what can be chosen, and reading them out of an address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from inbox.models import Broadcast, Channel, ClosingCategory
from reports.definitions.enums import ENUMS
from reports.definitions.filters import ID_FILTERS, Filter
from reports.engine.facts import Words
from reports.engine.reading import Values
from reports.engine.words import word
from reports.errors import FilterNotValid
from workspaces.models import FormerMember, FormerTeam, Membership, Team
from workspaces.queries import LARGEST_ID

MOST_CHOSEN = 50
MOST_OFFERED = 200
NOBODY = 0


class Offer(StrEnum):
    """Where the values of a filter come from."""

    PEOPLE = "people"
    TEAMS = "teams"
    CHANNELS = "channels"
    BROADCASTS = "broadcasts"
    CATEGORIES = "categories"
    CONTACTS = "contacts"  # searched, or given by id
    CONVERSATIONS = "conversations"  # given by id
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One filter: its name, where its values come from, and those that are always the same."""

    title: Words
    offer: Offer
    values: tuple[str, ...] = ()
    has_nobody: Words = ""  # what the id 0 is called, where it may be chosen


ASSIGNMENT_SOURCES = ("user", "api", "workflow", "system")  # a first reply is the user's; `system` is the log-out
CONTACT_SOURCES = ("user", "import", "api", "incoming_message", "echo_message", "zapier", "broadcast", "import_undo")

SPECS: Mapping[Filter, Spec] = {
    Filter.CHANNELS: Spec(title=gettext_lazy("Channel"), offer=Offer.CHANNELS),
    Filter.USERS: Spec(title=gettext_lazy("User"), offer=Offer.PEOPLE),
    Filter.TEAMS: Spec(title=gettext_lazy("Team"), offer=Offer.TEAMS),
    Filter.SOURCES: Spec(title=gettext_lazy("Source"), offer=Offer.WORDS, values=CONTACT_SOURCES),
    Filter.SENDER_TYPES: Spec(title=gettext_lazy("Source"), offer=Offer.WORDS, values=ENUMS["sender_type"]),
    Filter.BROADCASTS: Spec(title=gettext_lazy("Broadcast"), offer=Offer.BROADCASTS),
    Filter.CONTACTS: Spec(title=gettext_lazy("Contact"), offer=Offer.CONTACTS),
    Filter.CONVERSATIONS: Spec(title=gettext_lazy("Conversation"), offer=Offer.CONVERSATIONS),
    Filter.CONTACT_TYPES: Spec(title=gettext_lazy("Contact type"), offer=Offer.WORDS, values=("new", "returning")),
    Filter.OPENED_SOURCES: Spec(
        title=gettext_lazy("Opened source"), offer=Offer.WORDS, values=ENUMS["opened_by_source"]
    ),
    Filter.CLOSED_SOURCES: Spec(
        title=gettext_lazy("Closed source"), offer=Offer.WORDS, values=ENUMS["closed_by_source"]
    ),
    Filter.CLOSED_TEAMS: Spec(title=gettext_lazy("Closed by team"), offer=Offer.TEAMS),
    Filter.CLOSED_USERS: Spec(title=gettext_lazy("Closed by user"), offer=Offer.PEOPLE),
    Filter.CATEGORIES: Spec(title=gettext_lazy("Category"), offer=Offer.CATEGORIES),
    Filter.FIRST_ASSIGNEES: Spec(title=gettext_lazy("First assignee"), offer=Offer.PEOPLE),
    Filter.LAST_ASSIGNEES: Spec(title=gettext_lazy("Last assignee"), offer=Offer.PEOPLE),
    Filter.FIRST_RESPONDERS: Spec(title=gettext_lazy("First response by"), offer=Offer.PEOPLE),
    Filter.ASSIGNED_TO: Spec(
        title=gettext_lazy("Assigned to"), offer=Offer.PEOPLE, has_nobody=gettext_lazy("Nobody (unassigned)")
    ),
    Filter.ASSIGNED_BY: Spec(title=gettext_lazy("Assigned by user"), offer=Offer.PEOPLE),
    Filter.ASSIGNMENT_SOURCES: Spec(title=gettext_lazy("Source"), offer=Offer.WORDS, values=ASSIGNMENT_SOURCES),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen, and its name."""

    value: int | str
    label: str


def choices_of(name: Filter, *, workspace_id: int, using: str, chosen: Sequence[int | str] = ()) -> list[Choice]:
    """Return what a form offers: people, teams and channels of the past after those of today. Searched ones: those chosen."""
    spec = SPECS[name]
    nobody = [Choice(NOBODY, str(spec.has_nobody))] if spec.has_nobody else []
    return nobody + _OFFERED[spec.offer](workspace_id, using, spec, chosen)


def _words(_workspace: int, _using: str, spec: Spec, _chosen: Sequence[int | str]) -> list[Choice]:
    return [Choice(value, word(value)) for value in spec.values]


def _people(workspace_id: int, using: str, _spec: Spec, _chosen: Sequence[int | str]) -> list[Choice]:
    return [
        Choice(row.user_id, row.user.name)
        for model in (Membership, FormerMember)
        for row in model.objects.using(using)
        .filter(workspace_id=workspace_id)
        .select_related("user")
        .order_by("user__first_name", "user_id")
    ]


def _teams(workspace_id: int, using: str, _spec: Spec, _chosen: Sequence[int | str]) -> list[Choice]:
    now = Team.objects.using(using).filter(workspace_id=workspace_id).order_by("name", "pk").values_list("pk", "name")
    past = FormerTeam.objects.using(using).filter(workspace_id=workspace_id).order_by("name", "pk")
    return _named([*now, *past.values_list("team_id", "name")])


def _channels(workspace_id: int, using: str, _spec: Spec, _chosen: Sequence[int | str]) -> list[Choice]:
    rows = Channel.objects.using(using).filter(workspace_id=workspace_id).order_by("name", "pk")
    return _named(rows.values_list("pk", "name"))


def _broadcasts(workspace_id: int, using: str, _spec: Spec, _chosen: Sequence[int | str]) -> list[Choice]:
    rows = Broadcast.objects.using(using).filter(workspace_id=workspace_id).order_by("-pk")
    return _named(rows.values_list("pk", "name")[:MOST_OFFERED])


def _categories(workspace_id: int, using: str, _spec: Spec, chosen: Sequence[int | str]) -> list[Choice]:
    rows = ClosingCategory.objects.using(using).filter(workspace_id=workspace_id).order_by("name")
    known = [str(name) for name in rows.values_list("name", flat=True)]
    return [Choice(name, name) for name in (*known, *(str(value) for value in chosen if value not in known))]


def _contacts(workspace_id: int, using: str, _spec: Spec, chosen: Sequence[int | str]) -> list[Choice]:
    found = Contact.objects.using(using).filter(workspace_id=workspace_id, pk__in=chosen)
    names = {contact.pk: contact.name for contact in found}
    return [Choice(value, names.get(int(value)) or f"#{value}") for value in chosen]


def _conversations(_workspace: int, _using: str, _spec: Spec, chosen: Sequence[int | str]) -> list[Choice]:
    return [Choice(value, f"#{value}") for value in chosen]


_OFFERED: Mapping[Offer, Callable[[int, str, Spec, Sequence[int | str]], list[Choice]]] = {
    Offer.WORDS: _words,
    Offer.PEOPLE: _people,
    Offer.TEAMS: _teams,
    Offer.CHANNELS: _channels,
    Offer.BROADCASTS: _broadcasts,
    Offer.CATEGORIES: _categories,
    Offer.CONTACTS: _contacts,
    Offer.CONVERSATIONS: _conversations,
}


def _named(rows: Iterable[tuple[int, str]]) -> list[Choice]:
    return [Choice(pk, name) for pk, name in rows]


def chosen_values(name: Filter, given: Sequence[str], *, workspace_id: int, using: str) -> Values:
    """Return the checked values of a filter, in the order given; texts may hold several, with commas, but categories.

    Raises FilterNotValid, which names the filter, for what is no such value of this workspace.
    """
    spec = SPECS[name]
    texts = list(given) if spec.offer is Offer.CATEGORIES else [part for text in given for part in text.split(",")]
    texts = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if any("\0" in text for text in texts):
        raise _refusal(name, _("A value holds a character that no text can hold."))
    if len(texts) > MOST_CHOSEN:
        raise _refusal(name, _("At most %(most)s values can be chosen.") % {"most": MOST_CHOSEN})
    if name in ID_FILTERS:
        return _ids(name, spec, texts, workspace_id, using)
    if spec.offer is Offer.WORDS:
        wrong = next((text for text in texts if text not in spec.values), None)
        if wrong is not None:
            values = ", ".join(spec.values)
            raise _refusal(name, _("“%(value)s” is none of: %(values)s.") % {"value": wrong, "values": values})
    return tuple(texts)


def _ids(name: Filter, spec: Spec, texts: Sequence[str], workspace_id: int, using: str) -> tuple[int, ...]:
    wrong = next(
        (
            text
            for text in texts
            if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > LARGEST_ID
        ),
        None,
    )
    if wrong is not None:
        raise _refusal(name, _("“%(value)s” is not an ID.") % {"value": wrong})
    ids = tuple(int(text) for text in texts)
    # A contact that is gone stays in past figures, so its id may be asked for; it shows nothing of another workspace's.
    if spec.offer in {Offer.CONTACTS, Offer.CONVERSATIONS}:
        return ids
    known = {choice.value for choice in choices_of(name, workspace_id=workspace_id, using=using)}
    if spec.offer is Offer.BROADCASTS:
        known |= set(
            Broadcast.objects.using(using).filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", flat=True)
        )
    missing = next((value for value in ids if value not in known), None)
    if missing is not None:
        raise _refusal(name, _("Nothing in this workspace has the ID %(value)s.") % {"value": missing})
    return ids


def _refusal(name: Filter, sentence: str) -> FilterNotValid:
    return FilterNotValid(field=name.value, sentence=sentence)
