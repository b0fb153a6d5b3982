"""The demo's inbox: channels, settings, half a year of conversations, and who was here when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from secrets import token_hex
from zoneinfo import ZoneInfo

from config.demo.assistant import AssistantPlan, add_assistant
from config.demo.conversations import write_stories
from config.demo.history import Ground, Teller
from config.demo.pouring import number, pour
from config.demo.promotion import Promotion, PromotionPlan, add_promotion
from config.demo.rows import row_of
from config.demo.satisfaction import SurveyPlan, switch_on
from config.demo.staff import Crew
from config.demo.story import Story
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
from workspaces.models import AwayState, FormerMember, Membership, PresenceInterval
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
    """What the inbox of one demo workspace is like. channels: kind, name, settings, weight, and the address it needs.

    The last channel is the web chat, which a virtual agent takes where there is one; a broadcast goes out on the first.
    """

    channels: tuple[tuple[str, str, dict[str, object], int, str], ...]
    talks: dict[str, tuple[Talk, ...]]
    away_states: tuple[str, ...]
    conversations: int
    assistant: AssistantPlan | None = None
    promotion: PromotionPlan | None = None
    surveys: SurveyPlan | None = None


def fill_inbox(
    workspace_id: int, plan: InboxPlan, *, crew: Crew, zone: str, random: Random, since: datetime, at: datetime
) -> None:
    """Write the inbox of a workspace whose contacts are there."""
    channels = _settings(workspace_id, plan, since=since)
    if plan.surveys is not None:
        switch_on(workspace_id, plan.surveys)
    contacts = list(Contact.objects.in_workspace(workspace_id).order_by("pk"))
    links = _links(workspace_id, plan, channels, contacts, random)
    ground = Ground(
        workspace_id=workspace_id,
        zone=ZoneInfo(zone),
        crew=crew,
        talks=plan.talks,
        links={contact_id: [(link.channel_id, link.pk) for link in own] for contact_id, own in links.items()},
        until=at,
        topics=dict(Topic.objects.in_workspace(workspace_id).values_list("name", "pk")),
        never_fails=frozenset(channel.pk for channel in channels if channel.kind == "web_chat"),
        assistant=add_assistant(workspace_id, plan.assistant, channels[-1], at=at) if plan.assistant else None,
        promotion=_promotion(workspace_id, plan, channels[0], crew, zone=zone, at=at),
        surveys=plan.surveys,
    )
    stories = _stories(ground, contacts, plan.conversations, random)
    write_stories(ground, stories, links)
    _presence(ground, plan, random)


def _promotion(
    workspace_id: int, plan: InboxPlan, channel: Channel, crew: Crew, *, zone: str, at: datetime
) -> Promotion | None:
    """Send the broadcast on the Tuesday before its day, at eleven."""
    if plan.promotion is None:
        return None
    local = (at - timedelta(days=plan.promotion.days)).astimezone(ZoneInfo(zone))
    sent = (local - timedelta(days=(local.weekday() - 1) % 7)).replace(hour=11, minute=0)
    return add_promotion(workspace_id, plan.promotion, channel, crew.at(at)[1], sent.astimezone(at.tzinfo))


def _settings(workspace_id: int, plan: InboxPlan, *, since: datetime) -> list[Channel]:
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
    for agent in ground.crew.agents:
        for day in range(182):
            local = first + timedelta(days=day)
            if local.weekday() == 6 or not agent.is_here(local) or random.random() < 0.08:
                continue
            came = local.replace(hour=8, minute=50) + timedelta(minutes=random.uniform(0, 25))
            lunch = local.replace(hour=13, minute=0) + timedelta(minutes=random.uniform(0, 40))
            back = lunch + timedelta(minutes=random.uniform(25, 60))
            left = local.replace(hour=18, minute=0) + timedelta(minutes=random.uniform(0, 70))
            spans = [
                (came, lunch, "AVAILABLE", ""),
                (lunch, back, "AWAY", plan.away_states[0]),
            ]
            if random.random() < 0.3:  # something to do elsewhere, in the afternoon
                gone = local.replace(hour=16, minute=0) + timedelta(minutes=random.uniform(0, 60))
                there = gone + timedelta(minutes=random.uniform(10, 45))
                spans += [(back, gone, "AVAILABLE", ""), (gone, there, "AWAY", plan.away_states[1])]
                back = there
            spans.append((back, left, "AVAILABLE", ""))
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
    members = Membership.objects.in_workspace(ground.workspace_id)
    former = FormerMember.objects.in_workspace(ground.workspace_id)
    for user_id, seen_at in {row.user_id: row.ended_at for row in rows}.items():
        members.filter(user_id=user_id).update(last_seen_at=seen_at)
        former.filter(user_id=user_id).update(last_seen_at=seen_at)
