"""Topics, message tags and virtual agents: a row for each and channel."""

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.world import World

Spot = tuple[int, int | None]  # a label, or a virtual agent, and a channel


def topics(world: World) -> list[Cells]:
    """One row per topic and channel of conversations."""
    found: dict[Spot, set[int]] = defaultdict(set)
    for use in world.facts.topic_uses:
        story = world.story_of(use)
        if world.asked.covers(use.applied_at) and world.counts(story):
            found[use.topic_id, story.channel_id].add(use.conversation_id)
    now = {(use.topic_id, use.conversation_id) for use in world.facts.topic_uses if use.removed_at is None}
    rows = []
    for topic_id, channel_id in _sorted(world, found, world.facts.topics):
        topic, conversations = world.facts.topics[topic_id], found[topic_id, channel_id]
        rows.append(
            {
                "topic_id": writing.number(topic_id),
                "topic_name": world.write.text(topic.name),
                "active": writing.flag(topic.is_active),
                "total_conversations": writing.number(len(conversations)),
                "total_current_conversations": writing.number(sum((topic_id, each) in now for each in conversations)),
                **world.channel_cells(channel_id),
            }
        )
    return rows


def tags(world: World) -> list[Cells]:
    """One row per message tag and channel of messages."""
    messages = {message.id: message for message in world.facts.messages}
    found: dict[Spot, set[int]] = defaultdict(set)
    for tagging in world.facts.taggings:
        message = messages.get(tagging.message_id)  # not there: taken back before it was sent
        if message is not None and world.asked.covers(tagging.applied_at) and _counts(world, message):
            found[tagging.tag_id, message.channel_id].add(message.id)
    now = {(each.tag_id, each.message_id) for each in world.facts.taggings if each.removed_at is None}
    rows = []
    for tag_id, channel_id in _sorted(world, found, world.facts.message_tags):
        tag, tagged = world.facts.message_tags[tag_id], found[tag_id, channel_id]
        rows.append(
            {
                "tag_id": writing.number(tag_id),
                "tag_name": world.write.text(tag.name),
                "active": writing.flag(tag.is_active),
                "total_contacts": writing.number(len({messages[each].contact_id for each in tagged})),
                "total_messages": writing.number(len(tagged)),
                "total_current_messages": writing.number(sum((tag_id, each) in now for each in tagged)),
                **world.channel_cells(channel_id),
            }
        )
    return rows


def _counts(world: World, message: Row) -> bool:
    return world.sees(message.contact_id) and world.asked.allows("channels", message.channel_id)


def _sorted(world: World, spots: dict[Spot, set[int]], named: dict[int, Row]) -> list[Spot]:
    """Return spots by name, id, network and account; those without a channel last."""

    def key(spot: Spot) -> tuple[str, int, bool, str, str, int]:
        label_id, channel_id = spot
        medium, account = world.medium(channel_id), world.account(channel_id)
        return named[label_id].name, label_id, channel_id is None, medium, account, channel_id or 0

    return sorted(spots, key=key)


def virtual_agents(world: World) -> list[Cells]:
    """One row per virtual agent and channel with something that it did."""
    found: dict[Spot, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for agent_id, channel_id, kind, fact in _done_by_programs(world):
        found[agent_id, channel_id][kind].append(fact)
    spots = _sorted(world, {spot: set() for spot in found}, world.facts.virtual_agents)
    return [_program(world, spot, found[spot]) for spot in spots]


def _done_by_programs(world: World) -> list[tuple[int, int | None, str, Row]]:
    """Return (virtual agent, channel, what, fact) of the range; auto-responders have no figures."""
    facts, asked = world.facts, world.asked
    messages = {message.id: message for message in facts.messages}
    done: list[tuple[int | None, int | None, str, Row]] = [
        (each.sender_id, each.channel_id, "message", each)
        for each in world.messages()
        if each.sender_kind in {"bot", "ai_agent"}
    ]
    for kind, rows, moment, agent in (
        ("handover", facts.handovers, "occurred_at", "virtual_agent_id"),
        ("resolution", [each for each in facts.changes if each.new == "resolved"], "occurred_at", "virtual_agent_id"),
        ("topic", facts.topic_uses, "applied_at", "virtual_agent_id"),
    ):
        for each in rows:
            story = world.story_of(each)
            if asked.covers(getattr(each, moment)) and world.counts(story):
                done.append((getattr(each, agent), story.channel_id, kind, each))
    for each in facts.taggings:
        message = messages.get(each.message_id)
        if message is not None and asked.covers(each.applied_at) and _counts(world, message):
            done.append((each.virtual_agent_id, message.channel_id, "tag", each))
    programs = {row.id for row in facts.virtual_agents.values() if row.kind == "virtual_agent"}
    return [
        (agent, channel, kind, fact) for agent, channel, kind, fact in done if agent is not None and agent in programs
    ]


def _program(world: World, spot: Spot, done: dict[str, list[Row]]) -> Cells:
    agent_id, channel_id = spot
    latest = {each.conversation_id: each.reason for each in sorted(done["handover"], key=lambda each: each.occurred_at)}
    tagged = {each.message_id for each in done["tag"]}
    per_message = Decimal(len(done["tag"])) / len(tagged) if tagged else None
    return {
        "agent_id": writing.number(agent_id),
        "agent_name": world.write.text(world.facts.virtual_agents[agent_id].name),
        **world.channel_cells(channel_id),
        "total_conversations": _distinct(done["message"]),
        "handover_to_agent": writing.number(
            sum(each in {"VA_REQUESTED", "CONTACT_TIMEOUT"} for each in latest.values())
        ),
        "handover_due_to_error": writing.number(sum(each == "VA_ERROR" for each in latest.values())),
        "resolved": _distinct(done["resolution"]),
        "total_conversations_with_topic": _distinct(done["topic"]),
        "total_tagged_messages": writing.number(len(tagged)),
        "tags_per_message": writing.two_decimals(per_message) if per_message is not None else "",
    }


def _distinct(facts: list[Row]) -> str:
    return writing.number(len({each.conversation_id for each in facts}))
