"""What one data set counts, another one lists: their totals agree, with each other and with what pages show."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from contacts.queries.listing import contacts_page, count_contacts
from exports.catalogue import DATASETS
from inbox.actions.recomputing import recompute_batch
from inbox.queries.listing import count_up_to
from inbox.queries.lists import messages_of
from inbox.queries.narrowing import Listing, State
from tests.exports.comparing import Case, Comparer
from tests.exports.history.ground import EXPORT_AT, History
from tests.exports.reading import rows_of
from workspaces.queries import members, pending_invitations

Rows = list[dict[str, str]]


def totals_agree(history: History) -> None:
    """Compare what the data sets count with what others list, and with pages; the history's scope is open."""
    asked = Comparer(history).asked(Case())
    files: dict[str, Rows] = {}
    for key, dataset in DATASETS.items():
        span = {"range_from": asked.range_from, "range_to": asked.range_to} if dataset.needs_range else {}
        files[key] = rows_of(key, history.ada, export_at=EXPORT_AT, time_zone="Europe/Madrid", **span)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")  # a file's own zone stays until its transaction ends: rows are read in it
    _messages(files)
    _responses(files)
    _work(files)
    _resolutions(files)
    _labels(files)
    _pages(history, files)


def _sum(rows: Iterable[dict[str, str]], key: str) -> int:
    return sum(int(row[key] or 0) for row in rows)


def _counted(rows: Iterable[dict[str, str]], key: str) -> Counter[str]:
    return Counter(row[key] for row in rows)


def _positive(rows: Iterable[dict[str, str]], key: str, count: str) -> Counter[str]:
    return Counter({row[key]: int(row[count]) for row in rows if int(row[count])})


def _messages(files: dict[str, Rows]) -> None:
    """Messages of a conversation are its counts; the two families list the same messages."""
    messages, details = files["messages"], files["message_details"]
    assert [row["message_id"] for row in messages] == [row["message_id"] for row in details]
    for direction, other, count, count_there in (
        ("incoming", "inbound", "number_of_incoming_messages", "number_of_inbound_messages"),
        ("outgoing", "outbound", "number_of_outgoing_messages", "number_of_outbound_messages"),
    ):
        within = [row for row in messages if row["message_type"] == direction and row["conversation_id"]]
        listed = _counted(within, "conversation_id")
        assert listed == _positive(files["conversations"], "conversation_id", count)
        for key in ("resolved_conversations", "open_conversations"):
            ids = {row["conversation_id"] for row in files[key]}
            counted = Counter({key: number for key, number in listed.items() if key in ids})
            assert _positive(files[key], "conversation_id", count_there) == counted
        exchanged = _counted((row for row in details if row["direction"] == other), "contact_profile_id")
        by_contact: Counter[str] = Counter()
        for row in files["active_contacts"]:
            by_contact[row["contact_profile_id"]] += int(row[count_there])
        assert +by_contact == exchanged
    assert [row["message_id"] for row in files["failed_messages"]] == [
        row["message_id"] for row in messages if row["status"] == "failed"
    ]
    found = {row["contact_profile_id"] for row in files["contact_attributes"]}
    wrote = {row["contact_profile_id"] for row in details if row["direction"] == "inbound"}
    there = {row["contact_id"] for row in files["contacts"]}
    assert found == wrote & there


def _responses(files: dict[str, Rows]) -> None:
    """Response rows are the number of responses; the first one is the first response."""
    listed = files["response_times"]
    counts = _positive(files["conversations"], "conversation_id", "number_of_responses")
    assert _counted(listed, "conversation_id") == counts
    first = {row["conversation_id"]: row for row in reversed(listed)}
    for row in files["conversations"]:
        response = first.get(row["conversation_id"])
        assert row["first_response_by"] == (response["responding_agent_id"] if response else "")
        assert row["first_response_at"] == (response["to_at"][:19].replace("T", " ") if response else "")
    people = {row["message_id"] for row in files["message_details"] if row["agent_id"]}
    assert {row["outbound_message_id"] for row in listed} < people


def _work(files: dict[str, Rows]) -> None:
    """Agents' replies are the messages by agents, teams' those by their people; times of locks add up."""
    agents, teams, details = files["agents"], files["teams"], files["message_details"]
    assert _positive(agents, "user_id", "replies") == _counted((row for row in details if row["agent_id"]), "agent_id")
    assert _positive(teams, "team_id", "replies") == _counted((row for row in details if row["team_id"]), "team_id")
    assert _sum(agents, "replies") == sum(row["sender_type"] == "user" for row in files["messages"])
    helped = {(row["agent_id"], row["contact_profile_id"]) for row in details if row["agent_id"]}
    assert _positive(agents, "user_id", "contacts_helped") == Counter(user_id for user_id, _contact in helped)
    closed_once = {row["conversation_id"] for row in files["resolved_conversations"]}
    both = files["resolved_conversations"] + [
        row for row in files["open_conversations"] if row["conversation_id"] not in closed_once
    ]
    for kind in ("handle_time", "no_reply_time", "cherry_picking_time"):
        rounded = len(agents) + sum(row[kind] != "0" for row in both)  # each cell is rounded by itself
        assert abs(_sum(agents, kind) - _sum(both, kind)) <= rounded / 2
        assert _sum(agents, kind) > 0
    presence: Counter[str] = Counter()
    for row in files["agent_presence"]:
        presence[row["user_id"]] += int(row["duration"])
    for row in agents:
        there = int(row["available_time"]) + int(row["away_time"])
        assert abs(presence[row["user_id"]] - there) <= 2


def _resolutions(files: dict[str, Rows]) -> None:
    """Who closed what, once for each conversation; surveys once for whom they judge."""
    agents, conversations = files["agents"], files["conversations"]
    by_people = _sum(agents, "resolves_with_reply") + _sum(agents, "resolves_no_reply")
    resolved = {row["conversation_id"] for row in files["resolved_conversations"]}
    assert {row["conversation_id"] for row in conversations if row["resolved_at"]} <= resolved
    assert sum(bool(row["closed_by"]) for row in conversations) <= by_people <= len(resolved)
    assert {row["conversation_id"] for row in files["open_conversations"]} == {
        row["conversation_id"] for row in conversations if not row["resolved_at"]
    }
    reopened = {row["conversation_id"] for row in files["open_conversations"] if row["resolved_at"]}
    assert reopened == {
        row["conversation_id"] for row in files["resolved_conversations"] if row["current_status"] != "RESOLVED"
    }
    for score in range(1, 6):
        key = f"csat_with_score_{score}"
        latest = sum(row["csat_score"] == str(score) for row in files["resolved_conversations"])
        assert _sum(agents, key) == _sum(files["teams"], key) == latest


def _labels(files: dict[str, Rows]) -> None:
    """Labels that are still on are those in the rows of conversations and messages."""
    shown = {
        row["conversation_id"]: row["topic_ids"]
        for row in files["resolved_conversations"] + files["open_conversations"]
    }
    for topic_id in {row["topic_id"] for row in files["topics"]}:
        rows = [row for row in files["topics"] if row["topic_id"] == topic_id]
        carrying = sum(topic_id in ids.split("; ") for ids in shown.values())
        assert _sum(rows, "total_current_conversations") == carrying
    for tag_id in {row["tag_id"] for row in files["tags"]}:
        rows = [row for row in files["tags"] if row["tag_id"] == tag_id]
        carrying = sum(tag_id in row["tag_ids"].split("; ") for row in files["message_details"])
        assert _sum(rows, "total_current_messages") == carrying
    programs = {row["sender_id"] for row in files["messages"] if row["sender_type"] == "bot" and row["sender_id"]}
    assert programs <= {row["agent_id"] for row in files["virtual_agents"]}


def _pages(history: History, files: dict[str, Rows]) -> None:
    """Lists and threads count what the files do, and every kept figure is what its facts say."""
    ada, contacts = history.ada, files["contacts"]
    assert count_contacts(ada).number == len(contacts)
    shown = {str(row.id): row for row in contacts_page(ada, limit=200).rows}
    assert {key: row.is_open for key, row in shown.items()} == {
        row["contact_id"]: row["status"] == "open" for row in contacts
    }
    assert {key for key, row in shown.items() if row.last_interaction_at} == {
        row["contact_id"] for row in contacts if row["last_interaction_time"]
    }
    listed = _counted(files["messages"], "contact_id")
    for contact_id in shown:
        assert messages_of(ada, int(contact_id)).count() == listed[contact_id]
    there = [Listing(state=state) for state in (State.OPEN, State.SNOOZED, State.CLOSED)]
    blocked = Listing(view="blocked", state=State.ALL)
    in_lists = sum(count_up_to(listing.conversations(ada), 1_000) for listing in (*there, blocked))
    assert in_lists == sum(
        row["contact_id"] in {one["contact_id"] for one in files["conversations"]} for row in contacts
    )
    active = [row for row in files["users"] if row["status"] == "active"]
    assert len(active) == members(ada).count()
    invited = [row for row in files["users"] if row["status"] == "invited"]
    assert len(invited) == pending_invitations(ada).count()
    batch = recompute_batch(workspace_id=history.workspace_id, after=0, mend=False)
    assert batch.count == len(files["conversations"])
    assert batch.differences == []
