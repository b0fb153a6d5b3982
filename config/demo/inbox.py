"""The demo's inbox: channels, settings, and half a year of conversations with every fact, event and figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from config.demo.history import Agent, Ground, Story, Teller
from config.demo.pouring import number, pour
from config.demo.rows import row_of
from config.demo.talks import Talk
from contacts.models import Contact, ContactLogEntry
from inbox.actions.figures import Facts, figures_from, responses_from
from inbox.channels.registry import connector_of
from inbox.content import preview_of
from inbox.models import (
    Assignment,
    Channel,
    ClosingCategory,
    Comment,
    ContactChannel,
    Conversation,
    ConversationTopic,
    LockSession,
    Message,
    MessageStatus,
    Response,
    Snippet,
    StartEvent,
    Status,
    StatusChange,
    Topic,
)
from workspaces.models import AwayState, EventRecord, PresenceInterval
from workspaces.sealing import seal
from workspaces.secret_values import digest

SNIPPETS = (
    ("hello", "Hi $contact.firstname, thank you for writing. How can I help?"),
    ("hours", "We are here from 9 to 19 on weekdays and until 14 on Saturdays."),
    ("bye", "You are welcome, $contact.firstname. Have a good day. $assignee.firstname"),
)


@dataclass(frozen=True, slots=True)
class InboxPlan:
    """What the inbox of one demo workspace is like. channels: kind, name, settings, weight, and the address it needs."""

    channels: tuple[tuple[str, str, dict[str, object], int, str], ...]
    talks: dict[str, tuple[Talk, ...]]
    away_states: tuple[str, ...]
    conversations: int


def fill_inbox(
    workspace_id: int, plan: InboxPlan, *, agents: Sequence[Agent], zone: str, random: Random, at: datetime
) -> None:
    """Write the inbox of a workspace whose contacts are there."""
    channels = _settings(workspace_id, plan, at=at)
    contacts = list(Contact.objects.in_workspace(workspace_id).order_by("pk"))
    links = _links(workspace_id, plan, channels, contacts, random)
    ground = Ground(
        workspace_id=workspace_id,
        zone=ZoneInfo(zone),
        agents=tuple(agents),
        talks=plan.talks,
        links={contact_id: [(link.channel_id, link.pk) for link in own] for contact_id, own in links.items()},
        until=at,
    )
    stories = _stories(ground, contacts, plan.conversations, random)
    _write(ground, stories, links)
    _presence(ground, plan, random)


def _settings(workspace_id: int, plan: InboxPlan, *, at: datetime) -> list[Channel]:
    since = at - timedelta(days=190)
    channels = [
        _channel(workspace_id, kind, name, settings, since=since)
        for kind, name, settings, _weight, _needs in plan.channels
    ]
    talks = [talk for some in plan.talks.values() for talk in some]
    for place, name in enumerate(dict.fromkeys(talk.category for talk in talks)):
        ClosingCategory.objects.create(workspace_id=workspace_id, name=name, position=place, created_at=since)
    for name in dict.fromkeys(talk.topic for talk in talks):
        Topic.objects.create(workspace_id=workspace_id, name=name, created_at=since)
    for name, text in SNIPPETS:
        Snippet.objects.create(workspace_id=workspace_id, name=name, text=text, created_at=since, updated_at=since)
    for name in plan.away_states:
        AwayState.objects.create(workspace_id=workspace_id, name=name, created_at=since)
    return channels


def _channel(workspace_id: int, kind: str, name: str, settings: dict[str, object], *, since: datetime) -> Channel:
    """Connect a channel as a person would, but for the look-up of its address: the demo's servers are made up."""
    made = connector_of(kind).new_secrets()  # type: ignore[attr-defined]  # both kinds of the demo have secrets of ours
    return Channel.objects.create(
        workspace_id=workspace_id,
        kind=kind,
        name=name,
        key=token_hex(12),
        settings=settings,
        sealed_secrets=seal(made),
        token_sha256=digest(made["token"]) if "token" in made else None,
        created_at=since,
    )


def _links(
    workspace_id: int, plan: InboxPlan, channels: list[Channel], contacts: list[Contact], random: Random
) -> dict[int, list[ContactChannel]]:
    found: dict[int, list[ContactChannel]] = {}
    taken: set[tuple[int, str]] = set()
    for contact in contacts:
        own: list[ContactChannel] = []
        for channel, (_kind, _name, _settings, weight, needs) in zip(channels, plan.channels, strict=True):
            address = {"phone": contact.phone_e164, "email": contact.email_key}.get(
                needs, f"visitor:{random.getrandbits(96):x}"
            )
            is_last = channel is channels[-1]
            if (
                not address
                or (channel.pk, address) in taken
                or not (random.random() * 100 < weight or (is_last and not own))
            ):
                continue
            taken.add((channel.pk, address))
            own.append(
                row_of(
                    ContactChannel,
                    workspace_id=workspace_id,
                    contact_id=contact.pk,
                    channel_id=channel.pk,
                    external_id=address,
                    name=contact.name,
                    created_at=contact.created_at,
                )
            )
        found[contact.pk] = own
    number(ContactChannel, [link for own in found.values() for link in own])
    return found


def _stories(ground: Ground, contacts: list[Contact], wanted: int, random: Random) -> list[Story]:
    teller = Teller(ground, random)
    stories: list[Story] = []
    weights = [min(random.paretovariate(1.6), 9.0) for _ in contacts]
    scale = wanted * 1.22 / sum(weights)  # some of those asked for do not fit between two others
    for contact, weight in zip(contacts, weights, strict=True):
        if ground.links[contact.pk]:
            stories += teller.stories_of(contact, count=max(1, round(weight * scale)))
    return sorted(stories[:], key=lambda story: story.opened_at)[-wanted:] if len(stories) > wanted else stories


def _write(ground: Ground, stories: list[Story], links: dict[int, list[ContactChannel]]) -> None:
    last_of = {story.contact.pk: story for story in sorted(stories, key=lambda story: story.opened_at)}
    conversations = [_conversation(ground, story, is_latest=last_of[story.contact.pk] is story) for story in stories]
    number(Conversation, conversations)
    kinds: dict[Any, list[Any]] = {
        Message: [], StatusChange: [], Assignment: [], LockSession: [], StartEvent: [], Comment: [],
    }  # fmt: skip
    for story, conversation in zip(stories, conversations, strict=True):
        for model, rows in zip(kinds, _rows_of(story), strict=True):
            for row in rows:
                row.__dict__["conversation_id"] = conversation.id
            kinds[model] += rows
    moment = {Message: "created_at", Comment: "created_at", LockSession: "started_at"}
    for model, rows in kinds.items():
        rows.sort(key=attrgetter(moment.get(model, "occurred_at")))
        number(model, rows)
    responses: list[Response] = []
    topics = dict(Topic.objects.in_workspace(ground.workspace_id).values_list("name", "pk"))
    applied: list[ConversationTopic] = []
    for story, conversation in zip(stories, conversations, strict=True):
        facts = Facts(story.messages, story.changes, story.assignments, story.locks, story.starts)
        conversation.__dict__.update(figures_from(facts))
        _dress(conversation, story)
        for response in responses_from(facts)[0]:
            response.workspace_id = ground.workspace_id
            response.conversation_id, response.contact_id = conversation.pk, story.contact.pk
            response.channel_id = story.channel_id
            responses.append(response)
        if conversation.closed_at is not None:
            applied.append(
                row_of(
                    ConversationTopic,
                    workspace_id=ground.workspace_id,
                    conversation_id=conversation.pk,
                    topic_id=topics[story.talk.topic],
                    applied_at=conversation.closed_at,
                    applied_by_id=conversation.closed_by_id,
                )
            )
    responses.sort(key=lambda row: row.to_at)
    number(Response, responses)
    number(ConversationTopic, applied)
    steps = list(_steps(ground, kinds[Message]))
    number(MessageStatus, steps)
    pour(ContactChannel, _touched(links, kinds[Message]))
    pour(Conversation, conversations)
    for model, rows in kinds.items():
        pour(model, rows)
    pour(Response, responses)
    pour(ConversationTopic, applied)
    pour(MessageStatus, steps)
    _log(ground, stories, conversations, kinds)
    _touch_contacts(ground, last_of)


def _rows_of(story: Story) -> tuple[Sequence[Any], ...]:
    return story.messages, story.changes, story.assignments, story.locks, story.starts, story.comments


def _conversation(ground: Ground, story: Story, *, is_latest: bool) -> Conversation:
    return row_of(
        Conversation,
        workspace_id=ground.workspace_id,
        contact_id=story.contact.pk,
        is_latest=is_latest,
        language=story.language,
        opened_at=story.opened_at,
        opened_by_source="contact",
        opened_channel_id=story.channel_id,
        last_channel_id=story.channel_id,
        assignee_id=story.assignee_id,
        status_changed_at=story.opened_at,
        last_activity_at=story.ends_at,
        updated_at=story.ends_at,
    )


def _dress(conversation: Conversation, story: Story) -> None:
    last = story.messages[-1]
    conversation.preview = preview_of(last.text)
    conversation.preview_is_ours = last.direction == "outgoing"
    conversation.last_activity_at = last.created_at
    if conversation.status != Status.RESOLVED:
        for message in reversed(story.messages):
            if message.direction == "outgoing":
                break
            conversation.unread_count += 1


def _steps(ground: Ground, messages: list[Message]) -> Iterable[MessageStatus]:
    ladder = ("queued", "sent", "delivered", "read")
    for message in messages:
        if message.direction == "incoming":
            continue
        climbed = ("queued", "failed") if message.status == "failed" else ladder[: ladder.index(message.status) + 1]
        if message.status == "failed":
            message.error_code, message.error_text = "131026", "The number does not use this network."
        for place, status in enumerate(climbed):
            yield row_of(
                MessageStatus,
                workspace_id=ground.workspace_id,
                message_id=message.pk,
                status=status,
                occurred_at=message.created_at + timedelta(seconds=(0, 1, 4, 70)[place]),
                detail=message.error_text if status == "failed" else "",
            )


def _touched(links: dict[int, list[ContactChannel]], messages: list[Message]) -> list[ContactChannel]:
    every = {link.pk: link for own in links.values() for link in own}
    for message in messages:
        link = every[message.contact_channel_id or 0]
        link.last_message_at = message.created_at
        link.connected_at = link.connected_at or message.created_at
        if message.direction == "incoming":
            link.last_incoming_at = message.created_at
    return list(every.values())


def _log(ground: Ground, stories: list[Story], conversations: list[Conversation], kinds: dict[Any, list[Any]]) -> None:
    events: list[EventRecord] = []

    def tell(kind: str, at: datetime, contact_id: int, user_id: int | None, **data: object) -> None:
        events.append(
            row_of(
                EventRecord,
                workspace_id=ground.workspace_id,
                type=f"inbox.{kind}",
                occurred_at=at,
                actor_kind="system" if user_id is None else "user",
                actor_id=user_id,
                subject_kind="contact",
                subject_id=contact_id,
                data=data,
            )
        )

    for story, row in zip(stories, conversations, strict=True):
        for change in story.changes:
            facts: dict[str, object] = {"conversation_id": row.pk}
            if not change.old:
                tell(
                    "conversation.opened",
                    change.occurred_at,
                    row.contact_id,
                    None,
                    **facts,
                    source="contact",
                    is_again=False,
                )
            elif change.new == Status.RESOLVED:
                note = {"category": change.category, "summary": change.summary, "in_bulk": change.in_bulk}
                tell(
                    "conversation.closed",
                    change.occurred_at,
                    row.contact_id,
                    change.user_id,
                    **facts,
                    source="user",
                    **note,
                )
        for each in story.assignments:
            moved = {"old": each.old_user_id, "new": each.new_user_id, "source": "user"}
            tell(
                "conversation.assigned",
                each.occurred_at,
                row.contact_id,
                each.by_user_id,
                conversation_id=row.pk,
                **moved,
            )
    for message in kinds[Message]:
        about = {"conversation_id": message.conversation_id, "message_id": message.pk, "channel_id": message.channel_id}
        if message.direction == "incoming":
            tell("message.received", message.created_at, message.contact_id, None, **about, is_echo=False)
        else:
            tell("message.queued", message.created_at, message.contact_id, message.user_id, **about, sender_kind="user")
    for comment in kinds[Comment]:
        about = {"conversation_id": comment.conversation_id, "comment_id": comment.pk, "source": "user"}
        tell(
            "comment.added",
            comment.created_at,
            comment.contact_id,
            comment.author_id,
            **about,
            mentions=comment.mentions,
        )
    events.sort(key=lambda event: event.occurred_at)
    number(EventRecord, events)
    pour(EventRecord, events)


def _touch_contacts(ground: Ground, last_of: dict[int, Story]) -> None:
    rows = [
        (contact_id, story.status != Status.RESOLVED, story.messages[-1].created_at, story.assignee_id)
        for contact_id, story in last_of.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE contacts_contact c
               SET is_open = given.is_open, last_interaction_at = given.at, assignee_id = given.assignee_id
              FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[], %s::bigint[]) AS given (id, is_open, at, assignee_id)
             WHERE c.workspace_id = %s AND c.id = given.id""",
            [*(list(column) for column in zip(*rows, strict=True)), ground.workspace_id],
        )
        cursor.execute(
            """
            INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, channel_id, occurred_at)
            SELECT l.workspace_id, %s, l.contact_id, l.name, 'incoming_message', l.channel_id, l.connected_at
              FROM inbox_contactchannel l WHERE l.workspace_id = %s AND l.connected_at IS NOT NULL ORDER BY l.connected_at""",
            [ContactLogEntry.Kind.CONNECTED, ground.workspace_id],
        )


def _presence(ground: Ground, plan: InboxPlan, random: Random) -> None:
    rows = []
    first = (ground.until - timedelta(days=182)).astimezone(ground.zone)
    for agent in ground.agents:
        for day in range(182):
            local = first + timedelta(days=day)
            if local.weekday() == 6 or random.random() < 0.08:
                continue
            came = local.replace(hour=8, minute=50) + timedelta(minutes=random.uniform(0, 25))
            lunch = local.replace(hour=13, minute=0) + timedelta(minutes=random.uniform(0, 40))
            back = lunch + timedelta(minutes=random.uniform(25, 60))
            left = local.replace(hour=18, minute=0) + timedelta(minutes=random.uniform(0, 70))
            spans = (
                (came, lunch, "AVAILABLE", ""),
                (lunch, back, "AWAY", plan.away_states[0]),
                (back, left, "AVAILABLE", ""),
            )
            rows += [
                row_of(
                    PresenceInterval,
                    workspace_id=ground.workspace_id,
                    user_id=agent.user_id,
                    team_id=agent.team_id,
                    kind=kind,
                    away_name=name,
                    started_at=begins,
                    ended_at=ends,
                )
                for begins, ends, kind, name in spans
                if ends < ground.until
            ]
    rows.sort(key=lambda row: row.started_at)
    number(PresenceInterval, rows)
    pour(PresenceInterval, rows)
