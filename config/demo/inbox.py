"""The demo's inbox: channels, settings, half a year of conversations, and who was here when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from secrets import token_hex
from zoneinfo import ZoneInfo

from config.demo.conversations import write_stories
from config.demo.history import Agent, Ground, Story, Teller
from config.demo.pouring import number, pour
from config.demo.rows import row_of
from config.demo.talks import Talk
from contacts.models import Contact
from inbox.channels.registry import connector_of
from inbox.models import (
    Channel,
    ClosingCategory,
    ContactChannel,
    MessageTag,
    Snippet,
    Topic,
)
from workspaces.models import AwayState, PresenceInterval
from workspaces.sealing import seal
from workspaces.secret_values import digest

SNIPPETS = (
    ("hello", "Hi $contact.firstname, thank you for writing. How can I help?"),
    ("hours", "We are here from 9 to 19 on weekdays and until 14 on Saturdays."),
    ("bye", "You are welcome, $contact.firstname. Have a good day. $assignee.firstname"),
)


MESSAGE_TAGS = ("Praise", "Complaint", "Urgent")


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
    write_stories(ground, stories, links)
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
    for name in MESSAGE_TAGS:
        MessageTag.objects.create(workspace_id=workspace_id, name=name, created_at=since)
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
        account=name,
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
