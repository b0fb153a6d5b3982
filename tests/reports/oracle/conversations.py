"""Conversations as rows that reports count: by their opening, by their closing, and as work of people."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace as Row

from tests.exports.oracle.facts import Facts
from tests.exports.oracle.stories import Answer, Story
from tests.reports.oracle.items import Item, Items, Names, Span, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A conversation and what its items share."""

    story: Story
    closing: Row | None
    first: Answer | None
    item: Item


def conversations(facts: Facts, stories: Mapping[int, Story]) -> Items:
    """Return conversations opened and closed, those that people closed or answered first, and all their responses."""
    names, returning = Names(facts), _returning(stories)
    found: Items = {"opened": [], "closed": [], "closed_by_people": [], "first_responses": [], "responses": []}
    for story in stories.values():
        told = _told(story, names, is_returning=story.row.id in returning)
        found["opened"].append(told.item)
        if told.closing is None:
            continue
        closed = replace(told.item, at=told.closing.occurred_at)
        found["closed"].append(closed)
        if told.closing.source == "user" and told.closing.user_id is not None:
            found["closed_by_people"].append(_credited(closed, told.closing.user_id, told.closing.team_id))
        if told.first is not None:
            by = told.first.message
            found["first_responses"].append(_credited(closed, by.user_id, by.team_id))
        for answer in story.answers:
            found["responses"].append(_response(closed, answer))
    return found


def _returning(stories: Mapping[int, Story]) -> set[int]:
    """Return the conversations of contacts who had one before, as contacts are merged today."""
    seen: set[int] = set()
    found: set[int] = set()
    for story in sorted(stories.values(), key=lambda each: each.row.id):
        if story.row.contact_id in seen:
            found.add(story.row.id)
        seen.add(story.row.contact_id)
    return found


def _told(story: Story, names: Names, *, is_returning: bool) -> _Told:
    row, closing = story.row, story.closing
    first = story.answers[0] if story.answers else None
    one, last = (story.assigned[0], story.assigned[-1]) if story.assigned else (None, None)
    about: dict[str, Value] = {
        "opened_channel": row.opened_channel_id,
        "opened_source": row.opened_by_source,
        "closed_source": closing.source if closing else "",
        "category": closing.category if closing else "",
        "closed_by_user": closing.user_id if closing else None,
        "closed_by_team": closing.team_id if closing and closing.user_id is not None else None,
        "first_assignee": one.new_user_id if one else None,
        "last_assignee": last.new_user_id if last else None,
        "first_responder": first.message.user_id if first else None,
        "contact_type": "returning" if is_returning else "new",
    }
    item = Item(
        id=row.id,
        at=row.opened_at,
        contact_id=row.contact_id,
        filters={
            "channels": about["opened_channel"],
            "opened_sources": about["opened_source"],
            "closed_sources": about["closed_source"],
            "categories": about["category"],
            "closed_users": about["closed_by_user"],
            "closed_teams": about["closed_by_team"],
            "first_assignees": about["first_assignee"],
            "last_assignees": about["last_assignee"],
            "first_responders": about["first_responder"],
            "contact_types": about["contact_type"],
            "contacts": row.contact_id,
            "conversations": row.id,
        },
        parts=about,
        cells={
            **about,
            "conversation_id": row.id,
            "contact_id": row.contact_id,
            "contact_name": names.contact(row.contact_id),
            "opened_at": row.opened_at,
            "closed_at": closing.occurred_at if closing else None,
            "assignee": story.assignee_id,
            "incoming_messages": len(story.incoming),
            "outgoing_messages": len(story.outgoing),
        },
        spans=_spans(story, first, one, last),
        responses=tuple((each.start.occurred_at, each.message.created_at) for each in story.answers),
    )
    return _Told(story=story, closing=closing, first=first, item=item)


def _spans(story: Story, first: Answer | None, one: Row | None, last: Row | None) -> dict[str, Span]:
    """Return the spans whose lengths are figures; one that is the wrong way round is none."""
    opened: datetime = story.row.opened_at
    closed = story.closing.occurred_at if story.closing else None
    responded = first.message.created_at if first else None
    one_at, last_at = one.occurred_at if one else None, last.occurred_at if last else None
    after = (each.message.created_at for each in story.answers if last_at and each.message.created_at >= last_at)
    is_after = one_at is not None and responded is not None and responded >= one_at
    return {
        "first_response_time": (opened, responded),
        "first_assignment_to_first_response": (one_at, responded) if is_after else (None, None),
        "last_assignment_to_response": (last_at, next(after, None)),
        "resolution_time": (opened, closed),
        "time_to_first_assignment": (opened, one_at),
        "first_assignment_to_close": (one_at, closed),
        "last_assignment_to_close": (last_at, closed),
    }


def _credited(item: Item, user_id: int, team_id: int | None) -> Item:
    """Return the item as work of somebody."""
    return replace(
        item,
        filters={**item.filters, "users": user_id, "teams": team_id},
        parts={**item.parts, "user": user_id, "team": team_id},
    )


def _response(closed: Item, answer: Answer) -> Item:
    """Return a response in a closed conversation."""
    message = answer.message
    item = _credited(closed, message.user_id, message.team_id)
    cells = {**item.cells, "user": message.user_id, "team": message.team_id, "responded_at": message.created_at}
    span: Span = (answer.start.occurred_at, message.created_at)
    return replace(item, id=message.id, cells=cells, spans={"response": span}, responses=())
