"""A data set read from the database beside the same one computed by the oracle, cell by cell."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from exports.catalogue import DATASETS
from reports.definitions.filters import Filter
from tests.exports.history.ground import EXPORT_AT, History
from tests.exports.oracle.asking import Asked
from tests.exports.oracle.facts import Facts, facts_of
from tests.exports.oracle.listed import ORACLE
from tests.exports.oracle.stories import Story, stories_of
from tests.exports.oracle.world import World
from tests.exports.reading import rows_of
from workspaces.actors import Actor

Filters = dict[str, list[int] | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request: days in a zone, filters, and who asks."""

    zone: str = "Europe/Madrid"
    first: date = date(2026, 3, 1)
    last: date = date(2026, 4, 7)
    filters: Filters = field(default_factory=dict)
    viewer: str = "owner"
    is_guarded: bool = True
    shows_content: bool = False


@dataclass(slots=True)
class Report:
    """What was compared: cells by data set, and the places where they differ."""

    cells: dict[str, int] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by data set and column

    def __str__(self) -> str:
        lines = [f"{key:24} {count:8,} cells" for key, count in self.cells.items()]
        for place, found in self.differences.items():
            lines += [f"{place}: {len(found)}, first of all {found[0]}"]
        total = f"data sets {len(self.cells)}, cells {sum(self.cells.values()):,}, differences {sum(map(len, self.differences.values()))}"
        return "\n".join([*lines, total])


class Comparer:
    """Compares in the open scope of a history's workspace; its facts are read once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.facts: Facts = facts_of(history.workspace_id)
        self.stories: dict[int, Story] = stories_of(self.facts)
        self.report = Report()

    def compare(self, dataset: str, case: Case) -> None:
        """Compare one data set as one case asks for it, and note what differs."""
        asked = self.asked(case)
        wanted = ORACLE[dataset](World(self.facts, asked, self.stories))
        found = rows_of(
            dataset,
            self.viewer(case.viewer),
            export_at=EXPORT_AT,
            range_from=asked.range_from if DATASETS[dataset].needs_range else None,
            range_to=asked.range_to if DATASETS[dataset].needs_range else None,
            filters=case.filters,
            time_zone=case.zone,
            is_guarded=case.is_guarded,
            shows_content=case.shows_content,
        )
        counted = self.report.cells.get(dataset, 0)
        self.report.cells[dataset] = counted + sum(len(row) for row in wanted)
        self._note(dataset, case, wanted, found)

    def asked(self, case: Case) -> Asked:
        """Return a case as the oracle reads it."""
        zone = ZoneInfo(case.zone)
        return Asked(
            export_at=EXPORT_AT,
            range_from=_midnight(case.first, zone),
            range_to=_midnight(case.last + timedelta(days=1), zone),
            filters=case.filters,
            zone=zone,
            seen=self._seen(case.viewer),
            conversation_urls=f"{settings.BASE_URL}/w/{self.history.workspace_id}/c/",
            is_guarded=case.is_guarded,
            shows_content=case.shows_content,
        )

    def viewer(self, name: str) -> Actor:
        """Return who asks: the owner, or Ben as one who sees his own contacts, or his team's."""
        if name == "owner":
            return self.history.ada
        ben = self.history.ben
        restriction = {"own": "show_only_mine", "team": "show_team_contacts"}[name]
        return replace(ben, restrictions=frozenset({restriction}))

    def _seen(self, viewer: str) -> frozenset[int] | None:
        ben = self.history.users["ben"].pk
        if viewer == "team":
            sales = self.history.teams["sales"].pk
            return frozenset(row.user_id for row in self.facts.members.values() if row.team_id == sales)
        return frozenset({ben}) if viewer == "own" else None

    def _note(self, dataset: str, case: Case, wanted: list[dict[str, str]], found: list[dict[str, str]]) -> None:
        if wanted == found:
            return
        for place in range(max(len(wanted), len(found))):
            one = wanted[place] if place < len(wanted) else {}
            other = found[place] if place < len(found) else {}
            if list(one) != list(other) and not one.keys() ^ other.keys():
                one = {key: one[key] for key in other}
            for key in {**one, **other}:
                if one.get(key) != other.get(key):
                    first = next(iter(one.values()), "-")
                    said = f"expected {one.get(key)!r}, got {other.get(key)!r}"
                    self.report.differences[f"{dataset}.{key}"].append(f"{case}\n  row {place} ({first}): {said}")


def filters_of(comparer: Comparer, dataset: str) -> list[Filters]:
    """Return some choices for each filter that the data set has, and some of several at once."""
    history = comparer.history
    channel, person, team = history.channels, history.users, history.teams
    broadcasts = list(comparer.facts.broadcasts)
    choices: dict[Filter, list[list[int] | list[str]]] = {
        Filter.CHANNELS: [[channel["shop"].pk, channel["wa"].pk], [channel["bot"].pk], [channel["doomed"].pk]],
        Filter.CONVERSATION_STATES: [["open"], ["closed"]],
        Filter.STATUSES: [["NEW"], ["PENDING"]],
        Filter.ASSIGNEES: [[0], [person["ben"].pk], [0, person["dora"].pk]],
        Filter.CONTACT_TAGS: [[row.id] for row in comparer.facts.tags.values()],
        Filter.FLOWS: [["incoming"], ["outgoing"]],
        Filter.SENDER_TYPES: [["contact", "echo"], ["user"], ["bot", "system", "broadcast"]],
        Filter.MESSAGE_STATUSES: [["pending"], ["failed", "read"], ["sent", "delivered"]],
        Filter.BROADCASTS: [broadcasts],
        Filter.USER_STATUSES: [["active"], ["invited"], ["removed"]],
        Filter.TEAMS: [[team["support"].pk], [team["sales"].pk, team["gone"].pk]],
        Filter.AGENTS: [[person["ben"].pk], [person["dora"].pk, person["emil"].pk]],
    }
    own = DATASETS[dataset].filters
    single: list[Filters] = [{name.value: chosen} for name in own for chosen in choices[name]]
    both: Filters = {name.value: choices[name][0] for name in own}
    return [*single, both]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
