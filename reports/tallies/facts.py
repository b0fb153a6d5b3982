"""What is tallied: rows of which table, by which of their columns. The triggers of the migrations count the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.definitions.messages import IS_MESSAGE, STATUS


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is counted, with the SQL of its raw rows of an alias `m`.

    words, ids: columns of the tally and the SQL of their values; in the tally a missing word is '' and a missing id is 0.
    """

    table: str
    moment: str
    condition: str
    tally: str
    delta: str
    words: tuple[tuple[str, str], ...]
    ids: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what the tally is kept by, beside the day."""
        return tuple(name for name, _ in (*self.words, *self.ids))

    @property
    def values(self) -> tuple[str, ...]:
        """SQL of the same columns over raw rows, as they stand in the tally."""
        return tuple(self._values())

    def _values(self) -> Iterator[str]:
        yield from (f"coalesce({value}, '')" for _, value in self.words)
        yield from (f"coalesce({value}, 0)" for _, value in self.ids)


CONTACT_LOG = Fact(
    table="contacts_contactlogentry",
    moment="m.occurred_at",
    condition="true",
    tally="reports_contacttally",
    delta="reports_contacttallydelta",
    words=(("kind", "m.kind"), ("source", "m.source")),
    ids=(("channel_id", "m.channel_id"), ("user_id", "m.user_id")),
)
MESSAGES = Fact(
    table="inbox_message",
    moment="m.created_at",
    condition=IS_MESSAGE,
    tally="reports_messagetally",
    delta="reports_messagetallydelta",
    words=(("direction", "m.direction"), ("status", STATUS), ("sender_kind", "m.sender_kind")),
    ids=(
        ("channel_id", "m.channel_id"),
        ("user_id", "m.user_id"),
        ("team_id", "m.team_id"),
        ("sender_id", "m.sender_id"),
    ),
)
FACTS = (CONTACT_LOG, MESSAGES)
