"""Four counts of the same messages: what was promised, what the database has, what the network took, what a client of the API sees."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg2.extensions

from tests.faults.messages.journal import Journal
from tests.faults.messages.network import Doors, Line
from tests.faults.messages.plan import Plan, address_of, text_of

ROWS = """
SELECT m.id, m.direction, m.status, m.text, m.channel_message_id, l.external_id
  FROM inbox_message m LEFT JOIN inbox_contactchannel l ON l.id = m.contact_channel_id
 WHERE m.workspace_id = %s ORDER BY m.id
"""
UNDER_WAY = """
SELECT (SELECT count(*) FROM inbox_inboundevent WHERE state = 'pending'),
       (SELECT count(*) FROM inbox_message WHERE status IN ('queued', 'sending'))
"""
LEFT = """
SELECT (SELECT count(*) FROM inbox_inboundevent WHERE state <> 'done'),
       (SELECT count(*) FROM contacts_contact WHERE workspace_id = %(workspace)s),
       (SELECT count(*) FROM inbox_conversation WHERE workspace_id = %(workspace)s)
"""
HAS_LEFT = frozenset({"sent", "delivered", "read"})


@dataclass(slots=True)
class Report:
    """The counts, each with what it must be for the run to hold: nothing wrong is 0."""

    promised: int = 0
    stored: int = 0
    taken: int = 0
    seen: int = 0
    unknown: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, found: "list[str] | set[str]") -> None:
        """Keep what breaks a rule; an empty list keeps that the rule was looked at."""
        self.wrong.setdefault(what, []).extend(sorted(found))


def one_row(connection: psycopg2.extensions.connection, statement: str, **values: object) -> tuple[Any, ...]:
    """Return the one row that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        raise AssertionError("no row")
    return row


def count(
    connection: psycopg2.extensions.connection,
    workspace_id: int,
    plan: Plan,
    doors: Doors,
    *,
    tried: Journal,
    promised: Journal,
    provider: Journal,
    key_of: Callable[[int], str],
) -> Report:
    """Compare the four."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [workspace_id])
        rows = cursor.fetchall()
    report = Report()
    incoming = [row for row in rows if row[1] == "incoming"]
    outgoing = [row for row in rows if row[1] == "outgoing"]
    _came_in(report, incoming, tried, promised)
    _order(report, "order of a sender", [(row[5], row[3]) for row in incoming])
    _went_out(report, outgoing, tried, promised)
    _taken(report, outgoing, list(provider.lines()), key_of)
    _seen(report, rows, plan, doors)
    dead, contacts, conversations = one_row(connection, LEFT, workspace=workspace_id)
    report.note("deliveries not done", [str(number) for number in range(dead)])
    for what, number in (("contacts", contacts), ("conversations", conversations)):
        report.note(f"{what}, one of each sender", [] if number == plan.senders else [f"{number} of {plan.senders}"])
    report.stored = len(rows)
    return report


def _came_in(report: Report, rows: list[tuple[Any, ...]], tried: Journal, promised: Journal) -> None:
    attempted = {one for line in tried.lines() for one in line.get("ids", ())}
    acknowledged = {one for line in promised.lines() for one in line.get("ids", ())}
    stored = [row[4] for row in rows]
    report.promised += len(acknowledged)
    report.note("lost (promised, not stored)", acknowledged - set(stored))
    report.note("ghosts (stored, never tried)", set(stored) - attempted)
    report.note("doubled", [one for one, times in Counter(stored).items() if times > 1])
    said = {row[4]: (row[3], row[5]) for row in rows}
    wrong = []
    for one, found in said.items():
        sender, number = (int(part) for part in one.split("-")[1:])
        if found != (text_of(sender, number), address_of(sender)):
            wrong.append(f"{one}: {found}")
    report.note("stored under another's name", wrong)


def _went_out(report: Report, rows: list[tuple[Any, ...]], tried: Journal, promised: Journal) -> None:
    attempted = {line["reply"] for line in tried.lines() if "reply" in line}
    acknowledged = {(line["message_id"], line["reply"]) for line in promised.lines() if "reply" in line}
    stored = [row[3] for row in rows]
    report.promised += len(acknowledged)
    report.note("lost (promised, not stored)", {str(one) for one in acknowledged - {(row[0], row[3]) for row in rows}})
    report.note("ghosts (stored, never tried)", set(stored) - attempted)
    report.note("doubled", [one for one, times in Counter(stored).items() if times > 1])


def _taken(
    report: Report, rows: list[tuple[Any, ...]], lines: list[dict[str, Any]], key_of: Callable[[int], str]
) -> None:
    keys = {key_of(row[0]): row for row in rows}
    unknown = {key for key, row in keys.items() if row[2] == "unknown"}
    times = Counter(line["key"] for line in lines)
    report.taken, report.unknown = len(times), len(unknown)
    report.note("sent twice", [key for key, number in times.items() if number > 1 and key not in unknown])
    report.note("sent, but no row", set(times) - set(keys))
    report.note("not sent (stored, not taken by the network)", set(keys) - set(times) - unknown)
    ended = {key for key, row in keys.items() if row[2] in HAS_LEFT}
    report.note("neither sent nor known to be unknown", {keys[key][3] for key in set(keys) - ended - unknown})
    first = {line["key"]: (line["to"], line["text"]) for line in reversed(lines)}
    report.note(
        "to another address", {key for key in first if key in keys and first[key] != (keys[key][5], keys[key][3])}
    )
    in_order = list(dict.fromkeys(line["key"] for line in lines))
    _order(report, "order of the answers to a sender", [first[key] for key in in_order])


def _order(report: Report, what: str, said: list[tuple[str, str]]) -> None:
    """Messages and answers to one address have ascending numbers."""
    last: dict[str, int] = {}
    broken = []
    for address, text in said:
        number = int(text.split()[1])
        if number <= last.get(address, 0):
            broken.append(f"{address}: {number} after {last[address]}")
        last[address] = number
    report.note(what, broken)


def _seen(report: Report, rows: list[tuple[Any, ...]], plan: Plan, doors: Doors) -> None:
    """List every contact's messages as a program does, page by page."""
    line = Line(doors.port, doors.api_token)
    seen: list[int] = []
    for sender in range(plan.senders):
        cursor = ""
        while True:
            path = f"/v2/contact/phone:{address_of(sender)}/message/list?limit=100{cursor}"
            status, page = line.ask("GET", path)
            if status != 200:
                report.note("pages that were not answered", [f"{path}: {status}"])
                break
            items: list[dict[str, Any]] = page["items"]  # type: ignore[assignment]
            seen += [int(item["messageId"]) for item in items]
            if len(items) < 100:
                break
            cursor = f"&cursorId={items[-1]['messageId']}"
    line.close()
    report.seen = len(set(seen))
    report.note("not seen (stored, not listed)", {str(one) for one in {row[0] for row in rows} - set(seen)})
    report.note("seen twice", [str(one) for one, times in Counter(seen).items() if times > 1])
    report.note("seen, not stored", {str(one) for one in set(seen) - {row[0] for row in rows}})
