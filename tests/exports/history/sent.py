"""Messages of every sender, kind and fate."""

from inbox import actions
from inbox.actions.broadcasts import add_broadcast
from inbox.content import Content, Link
from inbox.models import Attachment, Delivery, Message, MessageStatus
from tests.exports.history.ground import NASTY, History, on

NESTED = {
    "template": {
        "name": "=order; v2",
        "language": "es_MX",
        "components": [{"type": "body", "n": [1, 2.5, None, True]}],
    },
    "zz": {"é": 'quo"te', "a b": ["x, y: z", {}], "b": []},
    "a": "line\nbreak\tand \\ slash",
}
INCOMING_KINDS = {
    "attachment": {}, "quick_reply": {"payload": "YES, : no"}, "location": {"latitude": 41.3851, "longitude": -2.5},
    "whatsapp_order": {"items": [{"sku": "A1", "price": 10}]}, "story_reply": {"story": {"id": "9"}},
    "post": {"post_url": "https://example.com/p/1", "id": 5}, "unsupported": {"raw": "?"},
    "email": {"subject": "=Re: order", "cc": ["a@example.com"]}, "card": {"cards": []}, "rating": {"stars": 4},
}  # fmt: skip
OUTGOING_KINDS = {
    "whatsapp_template": NESTED, "facebook_template": {"template": {"name": "+hello"}},
    "whatsapp_interactive": {"interactive": {"type": "button"}}, "custom_payload": {"payload": {"k": {"kk": 1, "a": 2}}},
    "card": {"cards": [{"title": "A"}]}, "rating": {}, "quick_reply": {"replies": ["Yes; maybe", "No"]},
}  # fmt: skip


def sent(h: History) -> None:
    """Make one thread with them all."""
    _kinds(h)
    _senders(h)
    _fates(h)


def _kinds(h: History) -> None:
    h.writes("wilma", NASTY, "03-30 09:00:00")
    for minute, (kind, payload) in enumerate(INCOMING_KINDS.items(), start=1):
        text = "" if kind in {"attachment", "location"} else f"-{kind}, “said”"
        message = h.writes("wilma", f"{kind} in", f"03-30 09:{minute:02}:00")
        h.turn(message, content_type=kind, text=text, payload=payload)
        if kind == "attachment":
            _files(h, message, "image", "file")
    for minute, (kind, payload) in enumerate(OUTGOING_KINDS.items(), start=20):
        message = h.replies(h.ben, "wilma", f"{kind} out", f"03-30 09:{minute:02}:00")
        if minute % 2:
            h.reports(message, "failed", "03-30 09:50:00", f"-{kind}" if minute % 3 else "")
        h.turn(message, content_type=kind, payload=payload, text="" if kind == "rating" else f"@{kind}")
    tagged = h.replies(h.ben, "wilma", "Out of the window", "03-30 09:40:00")
    h.turn(tagged, payload={"message_tag": "=HUMAN_AGENT"})
    picture = actions.send_message(
        actor=h.dora,
        contact=h.of("wilma"),
        channel_id=h.channels["shop"].pk,
        content=Content(content_type="attachment", links=(Link(kind="audio", url="https://example.com/a.mp3"),)),
        idempotency_key="picture",
        at=on("03-30 09:41:00"),
    )
    assert picture.attachments.count() == 1
    for message in (tagged, picture):
        h.reports(message, "failed", "03-30 09:51:00", "No window")
    for minute, direction in enumerate(("in", "out"), start=55):
        at = f"03-30 09:{minute}:00"
        gone = h.writes("wilma", "Secret", at) if direction == "in" else h.replies(h.ben, "wilma", "Secret", at)
        h.turn(gone, deleted_at=on("03-31 22:30:00.75"))
    for who, text in (("plus", "+34600111222"), ("tab", "\tTab"), ("cr", "\rReturn"), ("at", "@here"), ("minus", "-1")):
        h.writes(who, text, "03-30 10:00:00", channel="wa")


def _files(h: History, message: Message, *kinds: str) -> None:
    Attachment.objects.bulk_create(
        [Attachment(workspace_id=h.workspace_id, message_id=message.pk, kind=kind, name="x") for kind in kinds]
    )


def _senders(h: History) -> None:
    """Let every kind of sender write to one contact; the network's own application as well."""
    broadcast = add_broadcast(actor=h.ada, name="=Spring; sale", at=on("03-30 12:00:00"))
    h.writes("xenia", "Who answers?", "03-30 12:10:00")
    for minute, kind in enumerate(("api", "workflow", "zapier", "make", "n8n", "bot", "ai_agent", "system"), start=11):
        message = h.replies(h.system, "xenia", f"From {kind}", f"03-30 12:{minute}:00", sender_kind=kind)
        h.reports(message, "failed" if minute % 2 else "sent", f"03-30 12:{minute}:20", kind)
    message = h.replies(h.ada, "xenia", "Sale", "03-30 12:30:00", sender_kind="broadcast", sender_id=broadcast.pk)
    h.reports(message, "failed", "03-30 12:30:05", '=No such number, "sorry"')
    h.writes("xenia", "From the phone", "03-30 12:31:00", is_echo=True)
    h.replies(h.ben, "xenia", "A person at last", "03-30 12:39:00")
    h.replies(h.emil, "xenia", "And another", "03-30 12:40:00")
    h.writes("yago", "Only an echo", "03-30 12:50:00", is_echo=True, channel="wa")
    actions.add_comment(actor=h.ben, contact=h.of("xenia"), text="Not a message", at=on("03-30 12:41:00"))


def _fates(h: History) -> None:
    """Take messages up the ladder, or down."""
    h.writes("zita", "Fates", "03-31 09:00:00")
    said = {
        name: h.replies(h.max, "zita", name, f"03-31 09:{minute:02}:00")
        for minute, name in enumerate(
            ("waits", "sent", "delivered", "read", "failed", "proved", "unknown", "again"), start=1
        )
    }
    for name in ("sent", "delivered", "read", "proved"):
        h.reports(said[name], "sent", "03-31 09:20:00")
    for name in ("delivered", "read"):
        h.reports(said[name], "delivered", "03-31 09:21:00")
    h.reports(said["read"], "read", "03-31 09:25:00")
    h.reports(said["read"], "sent", "03-31 09:22:00")  # late, and lower
    for name in ("failed", "proved", "again"):
        h.reports(said[name], "failed", "03-31 09:30:00", "+Refused;\nby the network" if name == "failed" else "")
    h.reports(said["proved"], "delivered", "03-31 09:31:00")
    actions.send_again(actor=h.max, message_id=said["again"].pk, at=on("03-31 09:40:00"))
    h.turn(said["unknown"], status=Delivery.UNKNOWN)
    MessageStatus.objects.create(
        workspace_id=h.workspace_id, message_id=said["unknown"].pk, status="unknown", occurred_at=on("03-31 09:32:00")
    )
    h.writes("zita", "One more", "03-31 10:00:00")
    taken = h.replies(h.max, "zita", "A slip", "03-31 10:01:00")
    actions.take_back_message(actor=h.max, message_id=taken.pk, at=on("03-31 10:01:03"))
    h.writes("zoe", "Taken back, and that was all", "03-31 11:00:00")
    slip = h.replies(h.dora, "zoe", "Another slip", "03-31 11:01:00")
    actions.tag_message(actor=h.dora, message_id=slip.pk, tag_id=h.tags["Angry"].pk, at=on("03-31 11:01:01"))
    actions.take_back_message(actor=h.dora, message_id=slip.pk, at=on("03-31 11:01:03"))
    h.closes(h.dora, "zoe", "03-31 11:02:00")
