"""What happens to people, contacts, channels and labels when the work is done."""

from contacts.actions import delete_contact, merge_contacts, set_stage, tag_contact, update_contact
from inbox import actions
from inbox.actions.virtual_agents import change_virtual_agent
from inbox.models import Channel, MessageTag, Topic, VirtualAgent
from tests.exports.history.ground import NASTY, History, on
from workspaces.actions import delete_team, remove_member
from workspaces.models import FormerMember, Membership, PresenceInterval, Team


def afterwards(h: History) -> None:
    """Delete, merge, rename and switch off; then note who was there."""
    _labels(h)
    _contacts(h)
    _merged(h)
    _deleted(h)
    _presence(h)
    _gone(h)


def _labels(h: History) -> None:
    """Put on, take off, put on again; and switch off a label that is in use."""
    wilma, cleo = h.latest("wilma").pk, h.latest("cleo").pk
    old, shipping = h.topics["Old topic"].pk, h.topics["Shipping; fast"].pk
    actions.put_topics(actor=h.dora, conversation_id=wilma, topic_ids=[old, shipping], at=on("03-30 15:00:00"))
    actions.remove_topic(actor=h.ben, conversation_id=wilma, topic_id=shipping, at=on("03-30 16:00:00"))
    actions.put_topics(actor=h.max, conversation_id=wilma, topic_ids=[shipping], at=on("04-02 09:00:00"))
    actions.put_topics(actor=h.emil, conversation_id=wilma, topic_ids=[h.topics["=Sum"].pk], at=on("04-02 09:30:00"))
    actions.remove_topic(actor=h.max, conversation_id=cleo, topic_id=h.topics["Refunds"].pk, at=on("04-02 10:00:00"))
    for who in ("kim", "lea", "nora", "nico"):
        actions.put_topics(actor=h.max, conversation_id=h.latest(who).pk, topic_ids=[old], at=on("04-02 10:30:00"))
    actions.change_topic(actor=h.ada, topic_id=old, is_active=False, at=on("04-02 11:00:00"))
    actions.change_topic(actor=h.ada, topic_id=h.topics["Refunds"].pk, name="@Refunds", at=on("04-02 11:00:00"))
    for who, channel in (
        ("cleo", "shop"),
        ("lea", "wa"),
        ("rosa", "odd"),
        ("xenia", "shop"),
        ("nora", "mail"),
        ("nico", "chat"),
    ):
        message = h.latest(who).messages.order_by("pk").first()
        assert message is not None, channel
        for tag in ("Old tag", "Angry"):
            actions.tag_message(actor=h.ben, message_id=message.pk, tag_id=h.tags[tag].pk, at=on("04-02 12:00:00"))
        actions.untag_message(actor=h.dora, message_id=message.pk, tag_id=h.tags["Angry"].pk, at=on("04-02 12:30:00"))
        if who != "rosa":
            actions.tag_message(actor=h.dora, message_id=message.pk, tag_id=h.tags["Angry"].pk, at=on("04-03 12:00:00"))
    second = h.latest("cleo").messages.order_by("pk")[4]
    actions.tag_message(actor=h.ben, message_id=second.pk, tag_id=h.tags["Old tag"].pk, at=on("04-02 12:01:00"))
    actions.change_message_tag(actor=h.ada, tag_id=h.tags["Old tag"].pk, is_active=False, at=on("04-03 13:00:00"))
    assert Topic.objects.filter(is_active=False).exists()
    assert MessageTag.objects.filter(is_active=False).exists()


def _contacts(h: History) -> None:
    """Give contacts tags, a stage and values of every kind."""
    tag_contact(actor=h.ada, contact=h.of("cleo"), names=("vip; gold", "+first", "Ábaco"), at=on("04-01 08:00:00"))
    tag_contact(actor=h.ada, contact=h.of("rita"), names=("-last",), at=on("04-01 08:00:00"))
    custom = {
        "notes": NASTY, "plan": "Free; tier", "vip": True, "work_mail": "x+y@example.com", "points": -12.5,
        "site": "https://example.com/?a=1;b", "since": "2025-12-31", "call_at": "09:30",
    }  # fmt: skip
    update_contact(
        actor=h.ada, contact=h.of("cleo"), values={"custom": custom, "country": "ES"}, at=on("04-01 09:00:00")
    )
    update_contact(
        actor=h.ada,
        contact=h.of("rita"),
        values={"custom": {"notes": "+34600111222", "vip": False, "points": 7}, "language": "es", "last_name": ""},
        at=on("04-01 09:10:00"),
    )
    update_contact(
        actor=h.ada, contact=h.of("kim"), values={"custom": {"notes": "Never wrote"}}, at=on("04-01 09:11:00")
    )
    set_stage(actor=h.ada, contact=h.of("cleo"), name="=Customer; gold", at=on("04-01 09:20:00"))


def _merged(h: History) -> None:
    """One thread is open on both sides, another on one."""
    h.writes("mia", "I am Mia", "04-03 09:00:00")
    h.writes("mia2", "Mia here as well", "04-03 09:10:00", channel="wa")
    h.replies(h.ben, "mia2", "Hello, Mia", "04-03 09:15:00")
    merge_contacts(
        actor=h.ada,
        primary_id=h.contacts["mia"],
        secondary_id=h.contacts.pop("mia2"),
        values={},
        at=on("04-03 09:30:00"),
    )
    h.writes("ian", "Done soon", "04-03 10:00:00")
    h.closes(h.ben, "ian", "04-03 10:05:00")
    h.writes("ian2", "Ian again", "04-03 10:10:00", channel="odd", sender="ian-2", identity="")
    merge_contacts(
        actor=h.ada,
        primary_id=h.contacts["ian"],
        secondary_id=h.contacts.pop("ian2"),
        values={},
        at=on("04-03 10:30:00"),
    )
    h.replies(h.dora, "ian", "Which of you?", "04-03 10:40:00")
    h.writes("leo2", "Leo elsewhere", "04-03 10:50:00", channel="odd", sender="leo-2", identity="")
    h.closes(h.dora, "leo2", "04-03 10:51:00")
    merge_contacts(
        actor=h.ada,
        primary_id=h.contacts["leo"],
        secondary_id=h.contacts.pop("leo2"),
        values={},
        at=on("04-03 10:55:00"),
    )
    h.writes("ivy", "One number", "04-03 11:00:00")
    h.writes("ivy2", "Another number, the same line", "04-03 11:01:00")
    h.closes(h.max, "ivy2", "04-03 11:02:00")
    merge_contacts(
        actor=h.ada,
        primary_id=h.contacts["ivy"],
        secondary_id=h.contacts.pop("ivy2"),
        values={},
        at=on("04-03 11:30:00"),
    )
    update_contact(
        actor=h.ada, contact=h.of("ivy"), values={"assignee_id": h.users["dora"].pk}, at=on("04-03 11:40:00")
    )
    update_contact(actor=h.ada, contact=h.of("ivy"), values={"assignee_id": None}, at=on("04-03 11:41:00"))


def _deleted(h: History) -> None:
    """One with an open and held conversation, one that was closed and asked, by a person and by a program."""
    message = h.writes("gael", NASTY, "04-04 09:00:00")
    h.replies(h.dora, "gael", "Hello Gael", "04-04 09:05:00")
    actions.put_topics(
        actor=h.dora, conversation_id=h.latest("gael").pk, topic_ids=[h.topics["=Sum"].pk], at=on("04-04 09:06:00")
    )
    actions.tag_message(actor=h.dora, message_id=message.pk, tag_id=h.tags["Angry"].pk, at=on("04-04 09:07:00"))
    h.locks(h.dora, "gael", "04-04 09:08:00")
    delete_contact(actor=h.ada, contact=h.of("gael"), at=on("04-04 09:30:00.5"))
    delete_contact(actor=h.ada, contact=h.of("mar"), at=on("04-04 10:00:00"))
    h.contacts.pop("gael")
    h.contacts.pop("mar")


def _presence(h: History) -> None:
    """Spans that touch the edges of days and ranges, one that still runs, and one from before all."""
    support, sales, night = (h.teams[key].pk for key in ("support", "sales", "gone"))
    for name, team, kind, away, start, end in (
        ("ben", support, "AVAILABLE", "", "02-20 09:00:00", "02-20 10:00:00"),
        ("ben", support, "AVAILABLE", "", "03-09 22:00:00", "03-09 23:00:00"),  # to Madrid's midnight
        ("ben", support, "AVAILABLE", "", "03-09 23:00:00", "03-10 09:30:00.5"),
        ("ben", support, "AWAY", "=Lunch", "03-10 09:30:00.5", "03-10 10:00:00"),
        ("ben", sales, "AVAILABLE", "", "03-23 10:00:00", "03-27 12:00:00"),
        ("ben", sales, "AWAY", "", "03-28 22:30:00", "03-29 02:30:00"),
        ("ben", sales, "AVAILABLE", "", "04-06 09:00:00", None),
        ("dora", sales, "AVAILABLE", "", "03-29 21:55:00", "03-29 22:00:00.5"),
        ("dora", sales, "AVAILABLE", "", "04-05 03:00:00", "04-05 04:00:00"),
        ("emil", night, "AWAY", "Coffee", "03-18 12:00:00", "03-18 14:00:00"),
        ("max", None, "AVAILABLE", "", "03-17 10:00:00", "03-17 10:00:01"),
    ):
        PresenceInterval.objects.create(
            workspace_id=h.workspace_id,
            user_id=h.users[name].pk,
            team_id=team,
            kind=kind,
            away_name=away,
            started_at=on(start),
            ended_at=on(end) if end is not None else None,
        )


def _gone(h: History) -> None:
    """Somebody leaves, a team and a channel are deleted, programs and channels get other names."""
    emil, night = h.users["emil"].pk, h.teams["gone"]
    before = Membership.objects.in_workspace(h.workspace_id).get(user_id=emil)
    remove_member(actor=h.ada, user_id=emil, at=on("04-05 12:00:00"))
    delete_team(actor=h.ada, team_id=night.pk, at=on("04-05 13:00:00"))
    assert FormerMember.objects.in_workspace(h.workspace_id).get().reference == before.reference
    assert not Team.objects.in_workspace(h.workspace_id).filter(name="+Night").exists()
    actions.disconnect_channel(actor=h.ada, channel_id=h.channels["doomed"].pk, at=on("04-05 14:00:00"))
    actions.delete_channel(actor=h.ada, channel_id=h.channels["doomed"].pk, at=on("04-05 14:01:00"))
    Channel.objects.in_workspace(h.workspace_id).filter(pk=h.channels["wa"].pk).update(kind="whatsapp_cloud")
    robo = VirtualAgent.objects.in_workspace(h.workspace_id).order_by("pk").first()
    assert robo is not None
    change_virtual_agent(actor=h.ada, virtual_agent_id=robo.pk, name="=Robo; 2", at=on("04-05 15:00:00"))
