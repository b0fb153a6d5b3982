"""What people do: answering, closing, opening again, assigning, holding, putting off."""

from inbox import actions
from inbox.channels.contract import Profile
from inbox.models import Status
from inbox.selection import ConversationSelection
from tests.exports.history.ground import NASTY, History, on
from workspaces.actions import change_member


def threads(h: History) -> None:
    """Make every thread that people alone have."""
    _answered(h)
    _opened_again(h)
    _put_off(h)
    _in_bulk(h)
    _by_hand(h)
    _assigned(h)
    _moved_between_teams(h)
    _stolen(h)
    _at_midnight(h)
    _blocked(h)
    _quiet(h)
    _by_others(h)
    _at_once(h)


def _answered(h: History) -> None:
    h.writes("cleo", "Where is my parcel?", "03-10 09:00:00")
    h.locks(h.dora, "cleo", "03-10 09:00:15")
    h.releases(h.dora, "cleo", "03-10 09:00:45")
    h.assigns("cleo", h.ben, "03-10 09:01:30")
    h.locks(h.ben, "cleo", "03-10 09:02:00")
    h.replies(h.ben, "cleo", "On its way", "03-10 09:04:10")
    h.releases(h.ben, "cleo", "03-10 09:05:00.5")
    h.locks(h.ben, "cleo", "03-10 09:06:00")
    h.replies(h.ben, "cleo", "I looked it up", "03-10 09:06:30")
    h.releases(h.ben, "cleo", "03-10 09:07:00")
    h.writes("cleo", "And the second one?", "03-10 09:10:00")
    h.writes("cleo", "Hello?", "03-10 09:11:00")
    h.replies(h.ben, "cleo", "Tuesday", "03-10 09:12:30.5")
    h.replies(h.ben, "cleo", "=Tuesday!", "03-10 09:12:41")
    conversation = h.latest("cleo")
    topics = [h.topics["Shipping; fast"].pk, h.topics["Refunds"].pk]
    actions.put_topics(actor=h.ben, conversation_id=conversation.pk, topic_ids=topics, at=on("03-10 09:13:00"))
    actions.set_language(actor=h.ben, conversation_id=conversation.pk, language="es", at=on("03-10 09:13:30"))
    h.closes(h.ben, "cleo", "03-10 09:20:00", category="Order status", summary=NASTY)


def _opened_again(h: History) -> None:
    """Resolved twice by two people; another one opened again as pending and left so."""
    h.writes("rita", "Broken", "03-11 09:00:00")
    h.replies(h.ben, "rita", "Sorry", "03-11 09:30:00")
    h.closes(h.ben, "rita", "03-11 10:00:00", category="-Discount", summary="- ten off")
    h.sets(h.max, "rita", Status.NEW, "03-11 10:30:00")
    h.replies(h.max, "rita", "One more thing", "03-11 10:40:00.5")
    h.locks(h.max, "rita", "03-11 10:41:00")
    h.closes(h.max, "rita", "03-11 11:00:00")
    h.writes("rosa", "Again me", "03-12 23:30:00", channel="odd", sender="=rosa-1")
    h.replies(h.dora, "rosa", "Yes?", "03-13 00:10:00")
    h.closes(h.dora, "rosa", "03-13 00:20:00")
    h.sets(h.dora, "rosa", Status.PENDING, "03-13 08:00:00")
    h.writes("rosa", "Still", "03-13 09:00:00", channel="odd", sender="=rosa-1")
    h.sets(h.dora, "rosa", Status.PENDING, "03-13 09:30:00")

    h.writes("rolf", "First half", "03-26 20:00:00")
    h.closes(h.ben, "rolf", "03-26 20:10:00")  # without a reply; in the next range with one, by somebody else
    h.sets(h.dora, "rolf", Status.NEW, "03-31 09:00:00")
    h.replies(h.ben, "rolf", "Second half", "03-31 09:01:00")
    h.closes(h.dora, "rolf", "03-31 09:02:00")
    h.sets(h.dora, "rolf", Status.NEW, "03-31 09:10:00")
    h.closes(h.system, "rolf", "03-31 09:30:00", source="api", by_hand=False)


def _put_off(h: History) -> None:
    """Snoozes that end by time, while open and while closed, and by a message."""
    h.writes("juan", "Call me next week", "03-12 10:00:00")
    h.replies(h.ben, "juan", "Will do", "03-12 10:05:00")
    actions.snooze_conversation(actor=h.ben, contact=h.of("juan"), until=on("03-16 08:00:00"), at=on("03-12 10:06:00"))
    h.writes("jose", "Now", "03-12 11:00:00")
    actions.snooze_conversation(actor=h.max, contact=h.of("jose"), until=on("03-16 08:00:00"), at=on("03-12 11:06:00"))
    h.writes("jose", "I meant now", "03-12 12:00:00")
    actions.end_snoozes(clock=lambda: on("03-16 08:00:30"))
    h.replies(h.ben, "juan", "Calling", "03-16 08:10:00")
    h.closes(h.ben, "juan", "03-16 09:00:00")
    actions.snooze_conversation(actor=h.ben, contact=h.of("juan"), until=on("03-18 08:00:00"), at=on("03-16 09:10:00"))
    actions.end_snoozes(clock=lambda: on("03-18 08:00:00"))
    h.replies(h.dora, "juan", "Back again", "03-18 08:07:00")


def _in_bulk(h: History) -> None:
    """Closed at once: one answered, one held and never answered, one without anything."""
    for who, minute in (("fara", 0), ("gina", 1), ("hugo", 2)):
        h.writes(who, "Bulk", f"03-17 10:0{minute}:00")
    h.replies(h.ben, "fara", "Hi", "03-17 10:10:00")
    h.locks(h.dora, "gina", "03-17 10:20:00")
    chosen = ConversationSelection(ids=tuple(h.latest(who).pk for who in ("fara", "gina", "hugo")))
    actions.close_conversations(
        actor=h.max, chosen=chosen, category="Order status", summary="All, at once", at=on("03-17 10:30:00")
    )
    h.sets(h.ben, "fara", Status.PENDING, "03-17 10:50:00")
    h.sets(h.ben, "hugo", Status.NEW, "03-17 11:00:00")
    h.closes(h.dora, "hugo", "03-17 11:30:00")
    actions.open_conversation(actor=h.max, contact=h.of("gina"), at=on("03-19 12:00:00"))
    h.replies(h.max, "gina", "Any news?", "03-19 12:00:30")


def _by_hand(h: History) -> None:
    """Opened without a channel: one that never sees a message, and two that the team begins."""
    h.adds("kim", "03-03 10:00:00", first_name="", last_name="Kim", email="kim@example.com", country="mx")
    actions.open_conversation(actor=h.ada, contact=h.of("kim"), at=on("03-18 10:00:00"))
    h.assigns("kim", h.dora, "03-18 10:05:00")
    h.closes(h.ada, "kim", "03-18 10:15:00")
    h.adds("lea", "03-03 10:01:00", first_name="+Lea", phone="+34 600 999 111", language="pt")
    actions.open_conversation(actor=h.max, contact=h.of("lea"), at=on("03-18 11:00:00"))
    first = h.replies(h.max, "lea", "Hello Lea", "03-18 11:01:00", channel_id=h.channels["wa"].pk)
    h.reports(first, "sent", "03-18 11:01:02")
    h.writes("lea", "Hello Max", "03-18 11:30:00", channel="wa", sender="+34600999111")
    h.replies(h.max, "lea", "How are you?", "03-18 11:40:00")
    h.writes("lea", "Also here", "03-18 11:50:00", channel="shop", sender="+34600999111")
    h.replies(h.max, "lea", "On both, then", "03-18 12:00:00", channel_id=h.channels["wa"].pk)
    h.locks(h.max, "lea", "03-18 12:05:00")  # held where she wrote last, counted where it was opened
    h.releases(h.max, "lea", "03-18 12:06:40")
    h.adds("leo", "03-03 10:02:00", first_name="Leo", phone="+34600999222")
    h.replies(h.emil, "leo", "Cold call", "03-18 13:00:00", channel_id=h.channels["doomed"].pk)
    h.closes(h.emil, "leo", "03-18 13:05:00")

    h.adds("kai", "03-03 10:03:00", first_name="Kai", phone="+34600999555")
    actions.open_conversation(actor=h.max, contact=h.of("kai"), at=on("03-18 14:00:00"))
    actions.snooze_conversation(actor=h.max, contact=h.of("kai"), until=on("03-18 15:00:00"), at=on("03-18 14:01:00"))
    actions.end_snoozes(clock=lambda: on("03-18 15:00:00"))
    h.replies(h.dora, "kai", "As agreed", "03-18 15:02:00", channel_id=h.channels["wa"].pk)
    h.adds("ken", "03-03 10:04:00", email="ken@example.com")
    actions.open_conversation(actor=h.max, contact=h.of("ken"), at=on("03-18 16:00:00"))
    h.locks(h.dora, "ken", "03-18 16:01:00")
    h.releases(h.dora, "ken", "03-18 16:01:10.5")


def _assigned(h: History) -> None:
    """Taken away, given at the moment of the reply, changed after closing, kept for the next conversation."""
    h.writes("mona", "One", "03-20 09:00:00")
    h.assigns("mona", h.ben, "03-20 09:10:00")
    h.assigns("mona", None, "03-20 09:20:00")
    h.replies(h.dora, "mona", "Two", "03-20 10:00:00")  # nobody's: it is Dora's from this moment
    h.writes("mona", "Three", "03-20 10:05:00")
    h.assigns("mona", h.max, "03-20 10:10:00")
    h.closes(h.dora, "mona", "03-20 10:30:00", summary="@mona")
    h.assigns("mona", h.ben, "03-20 10:45:00")
    h.writes("mona", "Four", "03-21 09:00:00")
    h.writes("nico", "Never answered", "03-20 12:00:00", channel="chat", sender="visitor-1", identity="")
    h.assigns("nico", h.dora, "03-20 12:01:00")
    h.assigns("nico", None, "03-20 12:02:00")
    h.writes("nora", "Mine", "03-20 13:00:00", channel="mail", sender="nora@example.com", identity="email")
    h.assigns("nora", h.emil, "03-20 13:01:00")
    h.assigns("nora", h.ben, "03-20 13:02:00")
    h.replies(h.ben, "nora", "Hello Nora", "03-20 13:02:00")  # at the very moment of the assignment


def _moved_between_teams(h: History) -> None:
    """Ben's work belongs to the team he was in when he did it."""
    h.writes("olga", "Old team", "03-23 09:00:00")
    h.locks(h.ben, "olga", "03-23 09:05:00")
    h.replies(h.ben, "olga", "Old team answers", "03-23 09:06:00")
    ben = h.users["ben"].pk
    change_member(
        actor=h.ada, user_id=ben, role="agent", restrictions=(), team_id=h.teams["sales"].pk, at=on("03-23 10:00:00")
    )
    h.again("ben")
    h.closes(h.ben, "olga", "03-23 10:10:00")
    h.writes("otto", "New team", "03-23 11:00:00")
    h.replies(h.ben, "otto", "New team answers", "03-23 11:05:00")
    h.closes(h.ben, "otto", "03-23 11:10:00", category="-Discount")


def _stolen(h: History) -> None:
    """Locks that are stolen, left for another, forgotten, and one that still runs."""
    h.writes("pia", "Mine", "03-24 09:00:00")
    h.locks(h.ben, "pia", "03-24 09:01:00")
    h.locks(h.dora, "pia", "03-24 09:02:00", steal=True)
    h.replies(h.dora, "pia", "Stolen", "03-24 09:02:30")
    h.writes("paco", "Other", "03-24 09:03:00")
    h.locks(h.dora, "paco", "03-24 09:03:30.25")
    actions.keep_lock(actor=h.dora, conversation_id=h.latest("paco").pk, at=on("03-24 09:03:50.75"))
    actions.end_unseen_locks(clock=lambda: on("03-24 09:30:00"))
    h.locks(h.max, "paco", "03-24 09:40:00")


def _at_midnight(h: History) -> None:
    """Days end in Madrid and Santiago, also when the clocks change."""
    for at in ("03-28 22:59:59.5", "03-28 23:00:00", "03-29 00:59:59", "03-29 01:00:00"):
        h.writes("noche", f"At {at}", at)
    h.locks(h.dora, "noche", "03-29 21:50:00")
    h.writes("noche", "The day's last", "03-29 21:59:59.999")
    h.replies(h.dora, "noche", "Good night", "03-29 22:00:00")
    h.releases(h.dora, "noche", "03-29 22:00:01")
    h.closes(h.dora, "noche", "03-29 22:00:30")
    for at in ("04-05 02:59:59.999", "04-05 03:00:00", "04-05 03:30:00"):
        h.writes("sur", f"A las {at}", at, channel="wa")
    h.replies(h.ben, "sur", "Buenas", "04-05 03:59:59.5")
    h.writes("sur", "Gracias", "04-05 04:00:00", channel="wa")
    h.closes(h.ben, "sur", "04-05 04:00:00.25")


def _blocked(h: History) -> None:
    """Whoever is blocked may write, and no conversation hears it."""
    h.writes("bruno", "Rude", "03-25 09:00:00")
    h.closes(h.max, "bruno", "03-25 09:05:00")
    actions.block_contact(actor=h.max, contact=h.of("bruno"), at=on("03-25 09:06:00"))
    h.writes("bruno", "Ruder", "03-25 09:10:00")


def _quiet(h: History) -> None:
    """Closed by the workspace's own rule."""
    h.writes("quim", "Nobody reads this", "03-03 09:00:00")
    actions.resolve_quiet_conversations(clock=lambda: on("04-03 09:00:00"))


def _by_others(h: History) -> None:
    """Opened and closed by everything that can do so, beside people."""
    h.adds("ivan", "03-03 11:00:00", first_name="Iván", phone="+34600999333")
    opened = ("workflow", "api", "zapier", "make", "ctc_ads", "growth_widget", "user")
    closed = ("workflow", "api", "zapier", "make", "n8n", "bot", "ai_agent")
    for minute, (opens, closes) in enumerate(zip(opened, closed, strict=True), start=10):
        actions.open_conversation(actor=h.system, contact=h.of("ivan"), source=opens, at=on(f"03-24 12:{minute}:00"))
        h.writes("ivan", f"Opened by {opens}", f"03-24 12:{minute}:10", sender="+34600999333")
        h.closes(h.system, "ivan", f"03-24 12:{minute}:40", source=closes, by_hand=False, summary=f"={closes}")
    h.sets(h.max, "ivan", Status.PENDING, "03-24 13:00:00")
    actions.set_conversation_status(
        actor=h.system, contact=h.of("ivan"), status=Status.NEW, source="api", at=on("03-24 13:01:00")
    )


def _at_once(h: History) -> None:
    """Two messages at one moment; a visitor without a name; a first message that never went out."""
    h.writes("duo", "First", "03-25 10:00:00")
    h.writes("duo", "Second", "03-25 10:00:00")
    h.replies(h.dora, "duo", "Both", "03-25 10:01:00")
    h.replies(h.ben, "duo", "Nothing new since", "03-25 10:01:00")
    h.writes("anon", "Hi", "03-25 11:00:00", channel="chat", sender="visitor-2", identity="", profile=Profile())
    h.replies(h.max, "anon", "Hello, whoever", "03-25 11:00:00.4")
    h.adds("lou", "03-25 12:00:00", first_name="Lou", phone="+34600999444")
    h.replies(h.dora, "lou", "Are you there?", "03-25 12:01:00", channel_id=h.channels["shop"].pk)
    h.writes("lin", "On the old line", "03-25 12:10:00", channel="doomed")  # which goes, while this stays open
    h.writes("lin", "On the other one", "03-25 12:20:00")
    h.writes("leo", "I am here now", "03-25 13:00:00", sender="+34600999222")
