"""Totals that must not contradict each other: of reports and the files of the data export, and of reports among themselves."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import SimpleNamespace as Row
from zoneinfo import ZoneInfo

from django.db import connection

from reports.catalogue import REPORTS
from reports.engine.answers import Answer, answer
from reports.engine.asking import Asked, reading_of
from reports.engine.facts import Figure
from reports.engine.rows import log_count
from reports.engine.scope import report_scope
from tests.exports.history import History
from tests.exports.history.ground import EXPORT_AT
from tests.exports.oracle.facts import facts_of
from tests.exports.reading import rows_of

FIRST, LAST, MADRID = date(2025, 4, 8), date(2026, 4, 7), ZoneInfo("Europe/Madrid")
FILES = ("conversations", "messages", "failed_messages", "agents", "teams")
SENT = frozenset({"sent", "delivered", "read"})
Rows = list[dict[str, str]]
Answers = dict[str, dict[str, Answer]]


def totals_agree(history: History) -> None:
    """Compare a year of both, which holds the whole history."""
    answers, logs = _answers(history)
    files = _files(history)
    _conversations(files["conversations"], answers)
    _messages(files, answers)
    _people(files, answers)
    _reports(answers)
    for key in ("added", "connected", "deleted", "merged"):
        assert _card(answers, "contacts", key).count == logs["contacts", key]
    _connected(history)
    there = rows_of("contacts", history.ada, export_at=EXPORT_AT)
    gone = _card(answers, "contacts", "deleted").count + _card(answers, "contacts", "merged").count
    assert len(there) == _card(answers, "contacts", "added").count - gone


def _answers(history: History) -> tuple[Answers, dict[tuple[str, str], int]]:
    asked = Asked(first=FIRST.isoformat(), last=LAST.isoformat(), filters={})
    with report_scope(history.workspace_id) as using:
        reading = reading_of(asked, actor=history.ada, using=using, zone=MADRID, hours=None, now=EXPORT_AT)
        answers = {
            key: {name: answer(block, reading) for name, block in report.blocks.items() if "trend" not in name}
            for key, report in REPORTS.items()
        }
        logs = {
            (key, log.key): log_count(log, reading)
            for key in ("contacts", "conversations")
            for log in REPORTS[key].logs
        }
    history.enter()
    return answers, logs


def _files(history: History) -> dict[str, Rows]:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=MADRID) for day in (FIRST, LAST + timedelta(days=1)))
    files = {
        key: rows_of(key, history.ada, export_at=EXPORT_AT, time_zone=MADRID.key, range_from=start, range_to=end)
        for key in FILES
    }
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")  # a file's own zone stays until its transaction ends
    return files


def _card(answers: Answers, report: str, metric: str) -> Figure:
    cards = (card for found in answers[report].values() for card in found.cards)
    return next(card.figure for card in cards if card.metric.key == metric)


def _counts(found: Answer, metric: str) -> dict[object, int]:
    """Return the counts of a metric by part, without those of none and those that are 0."""
    return {
        part.value: part.figures[metric].count
        for part in found.parts
        if part.value is not None and part.figures[metric].count
    }


def _by(rows: Iterable[Mapping[str, str]], key: str) -> dict[object, int]:
    return dict(Counter(int(row[key]) for row in rows if row[key]))


def _conversations(rows: Rows, answers: Answers) -> None:
    """A row of the file for every conversation opened; of those closed, the same times and numbers."""
    closed = [row for row in rows if row["resolved_at"]]
    assert len(rows) == _card(answers, "conversations", "opened").count
    assert len(closed) == _card(answers, "conversations", "closed").count
    parted = answers["conversations"]
    assert _by(rows, "opened_by_channel") == _counts(parted["opened_by_channel"], "opened")
    assert _by(closed, "closed_by") == _counts(parted["closed_by_user"], "closed")
    for key, parts in (("opened_by_source", "opened_by_source"), ("closed_by_source", "closed_by_source")):
        metric = parts.partition("_")[0]
        assert dict(Counter(row[key] for row in rows if row[key])) == _counts(parted[parts], metric)
    for report, metric, key in (
        ("responses", "first_response_time", "first_response_time"),
        ("responses", "first_assignment_to_first_response", "first_assignment_to_first_response_time"),
        ("responses", "last_assignment_to_response", "last_assignment_to_response_time"),
        ("resolutions", "resolution_time", "resolution_time"),
        ("resolutions", "time_to_first_assignment", "time_to_first_assignment"),
        ("resolutions", "first_assignment_to_close", "first_assignment_to_close_time"),
        ("resolutions", "last_assignment_to_close", "last_assignment_to_close_time"),
    ):
        times, figure = [_seconds(row[key]) for row in closed if row[key]], _card(answers, report, metric)
        assert len(times) == figure.count
        assert abs(sum(times) / len(times) - (figure.value or 0) / 1000) <= 0.5, metric  # each cell is whole seconds
    numbers = [int(row["number_of_responses"]) for row in closed]
    mean = _card(answers, "responses", "number_of_responses").value
    assert abs(sum(numbers) / len(numbers) - (mean or 0)) < 1e-9
    assert sum(_counts(answers["responses"]["average_response_time_by_user"], "each_response_time").values()) == sum(
        numbers
    )


def _seconds(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _messages(files: dict[str, Rows], answers: Answers) -> None:
    """Messages of the file, by direction and fate."""
    rows = files["messages"]
    for metric in ("incoming", "outgoing"):
        assert sum(row["message_type"] == metric for row in rows) == _card(answers, "messages", metric).count
    assert sum(row["status"] in {"delivered", "read"} for row in rows) == _card(answers, "messages", "delivered").count
    assert len(files["failed_messages"]) == _card(answers, "messages", "failed").count
    sent = [row for row in rows if row["message_type"] == "outgoing"]
    by_source = dict(Counter(row["sender_type"] for row in sent))
    assert by_source == _counts(answers["messages"]["outgoing_by_source"], "outgoing")
    assert dict(Counter(row["status"] for row in sent)) == _counts(
        answers["messages"]["outgoing_by_delivery"], "outgoing"
    )
    of_broadcasts = [row for row in sent if row["sender_type"] == "broadcast"]
    assert len({row["contact_id"] for row in of_broadcasts}) == _card(answers, "broadcasts", "recipients").count
    failed = sum(row["sender_type"] == "broadcast" for row in files["failed_messages"])
    assert failed == _card(answers, "broadcasts", "failed").count


def _people(files: dict[str, Rows], answers: Answers) -> None:
    """Messages of people are the replies of agents and teams."""
    for who, file in (("user", "agents"), ("team", "teams")):
        replies = {int(row[f"{who}_id"]): int(row["replies"]) for row in files[file] if int(row["replies"])}
        assert replies == _counts(answers["leaderboard"][f"{who}s_by_messages_sent"], "messages_sent")


def _connected(history: History) -> None:
    """A line for every contact and channel with a message that arrived or was sent; at the first of them, when that arrived.

    Contacts that became one are left out: theirs are messages of two.
    """
    facts = facts_of(history.workspace_id)
    merges = [line for line in facts.contact_lines if line.kind == "merged"]
    merged = {contact_id for line in merges for contact_id in (line.contact_id, line.secondary_contact_id)}
    sent = {message.id for message in facts.messages if any(each.status in SENT for each in facts.statuses[message.id])}
    first: dict[tuple[int, int], Row] = {}
    for message in facts.messages:
        is_there = message.direction == "incoming" or message.sender_kind == "echo" or message.id in sent
        if is_there and message.contact_id not in merged:
            first.setdefault((message.contact_id, message.channel_id), message)
    lines = [line for line in facts.contact_lines if line.kind == "connected" and line.contact_id not in merged]
    assert sorted(first) == sorted((line.contact_id, line.channel_id) for line in lines)
    for line in lines:
        message = first[line.contact_id, line.channel_id]
        assert line.occurred_at == message.created_at or message.id in sent


def _reports(answers: Answers) -> None:
    """What one report counts by user, another one counts as well."""
    users, roster = answers["users"], answers["users"]["by_user"]
    assert sum(_counts(roster, "assigned").values()) == _card(answers, "assignments", "given").count
    removals = _card(answers, "assignments", "removals").count
    assert _card(answers, "assignments", "assignments").count == removals + _card(answers, "users", "assigned").count
    by_people = _counts(answers["conversations"]["closed_by_source"], "closed")["user"]
    assert sum(_counts(roster, "closed").values()) == _card(answers, "users", "closed").count == by_people
    assert _counts(roster, "closed") == _counts(answers["conversations"]["closed_by_user"], "closed")
    by_source = _counts(answers["messages"]["outgoing_by_source"], "outgoing")
    assert sum(_counts(roster, "messages_sent").values()) == by_source["user"]
    assert _card(answers, "broadcasts", "sent").count <= by_source["broadcast"]
    for metric in ("first_response_time", "average_response_time"):
        theirs = [part.figures[metric] for part in roster.parts if part.figures[metric].count]
        mean = sum((each.value or 0) * each.count for each in theirs) / sum(each.count for each in theirs)
        assert abs(mean - (_card(answers, "responses", metric).value or 0)) < 1, metric
    for block, ranking in answers["leaderboard"].items():
        metric = block.partition("_by_")[2]
        if block.startswith("users_"):
            mine = {part.value: part.figures[metric] for part in ranking.parts}
            listed = {part.value: part.figures[metric] for part in roster.parts if part.figures[metric].count}
            assert mine.keys() == listed.keys()
            assert all(abs((mine[user].value or 0) - (listed[user].value or 0)) < 1e-3 for user in mine), block
    assert {card.metric.key for card in users["overview"].cards} <= set(roster.parts[0].figures)
