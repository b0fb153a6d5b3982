"""Watches mailboxes: one thread for each, which waits for mail, stores it, and comes back from whatever happens to it.

A server that does not answer is asked again after growing pauses, for ever. Only a refused log-in, twice, ends the watching;
then the channel says so and its owners are told. The table of channels decides what is watched, and is looked at again and again.
"""

import logging
import random
from dataclasses import replace
from datetime import datetime
from threading import Event, Thread

from django.db import connection, connections

from inbox.actions.mailboxes import (
    Taken,
    Watched,
    begin_reading,
    give_up_mailbox,
    is_known_mail,
    mailbox_to_watch,
    pass_by,
    take_mail,
)
from inbox.channels.email.connecting import ServerNotReached, ServerRefused
from inbox.channels.email.mailbox import Cursor, Mailbox
from inbox.channels.email.rates import Rates
from inbox.channels.email.reading import message_id_in
from inbox.queries.mailboxes import mailboxes
from workspaces.jobs import Clock

logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
COME_AGAIN_SECONDS = 1.0  # a mail waits for the one that it answers
MOST_MAILBOXES = 200
REFUSALS = 2  # one may be a slip of the server


class MailboxThread(Thread):
    """Watches one mailbox until told to stop, or until its server refuses us."""

    def __init__(self, watched: Watched, *, clock: Clock) -> None:
        super().__init__(name=f"mailbox {watched.channel_id}", daemon=True)
        self.watched = watched
        self._clock = clock
        self._stop_asked = Event()
        self._rates = Rates()

    def ask_to_stop(self) -> None:
        """Let the thread end at its next breath."""
        self._stop_asked.set()

    def run(self) -> None:
        """Read and wait, again and again."""
        pause, refusals = FIRST_PAUSE, 0
        while not self._stop_asked.is_set():
            began = self._clock()
            try:
                self._watch()
            except ServerRefused as refusal:
                refusals += 1
                if refusals >= REFUSALS and self._give_up(refusal):
                    return
            except ServerNotReached as missed:
                refusals = 0
                logger.info("mailbox not reached: channel=%s %s", self.watched.channel_id, missed)
            except Exception:  # a thread that dies is a mailbox that nobody reads
                refusals = 0
                logger.exception("mailbox: channel=%s", self.watched.channel_id)
            finally:
                connections.close_all()
            if (self._clock() - began).total_seconds() > LONGEST_PAUSE:
                pause = FIRST_PAUSE  # it worked for a while
            self._stop_asked.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that mailboxes do not march in step
            pause = min(pause * 2, LONGEST_PAUSE)

    def read_once(self) -> bool:
        """Take in what is there now, in the caller's thread; True when a mail waits for the one that it answers."""
        with Mailbox(self.watched.account) as mailbox:
            return self._read_new(mailbox, self._begin(mailbox), None)[1]

    def _begin(self, mailbox: Mailbox) -> Cursor:
        return begin_reading(
            self.watched, uid_validity=mailbox.uid_validity, uid_next=mailbox.uid_next, clock=self._clock
        )

    def _watch(self) -> None:
        with Mailbox(self.watched.account) as mailbox:
            cursor = self._begin(mailbox)
            waits_since: datetime | None = None
            while not self._stop_asked.is_set():
                cursor, is_waiting = self._read_new(mailbox, cursor, waits_since)
                connection.close()  # a mailbox is quiet for hours; its connection to the database need not be
                if is_waiting:
                    waits_since = waits_since or self._clock()
                    self._stop_asked.wait(COME_AGAIN_SECONDS)
                else:
                    waits_since = None
                    mailbox.wait(self._stop_asked)

    def _read_new(self, mailbox: Mailbox, cursor: Cursor, waits_since: datetime | None) -> tuple[Cursor, bool]:
        """Take in what is new; True when a mail waits for the one that it answers."""
        for uid in mailbox.new_uids(cursor):
            if self._stop_asked.is_set():
                break
            if uid < cursor.scan_below and self._is_old(mailbox, cursor, uid):
                cursor = cursor.after(uid)
                continue
            fetched = mailbox.fetch(uid)
            if fetched is None:  # deleted in the meantime
                cursor = cursor.after(uid)
                continue
            taken = take_mail(
                self.watched, fetched, cursor, rates=self._rates, waits_since=waits_since, clock=self._clock
            )
            if taken is Taken.WAITING:
                return cursor, True
            cursor, waits_since = cursor.after(uid), None
        if cursor.scan_below and cursor.last_uid + 1 >= cursor.scan_below:
            cursor = replace(cursor, scan_below=0)
        pass_by(self.watched, cursor)
        return cursor, False

    def _is_old(self, mailbox: Mailbox, cursor: Cursor, uid: int) -> bool:
        """Tell whether a mail, met on the way through a mailbox, is from before our time or was taken in already."""
        received_at = mailbox.received_at(uid)
        if received_at is None or received_at < datetime.fromisoformat(cursor.since):
            return True
        message_id = message_id_in(mailbox.header_of(uid) or b"")
        return bool(message_id) and is_known_mail(self.watched, message_id=message_id)

    def _give_up(self, refusal: ServerRefused) -> bool:
        try:
            give_up_mailbox(self.watched, text=refusal.text, clock=self._clock)
        except Exception:
            logger.exception("mailbox: channel=%s", self.watched.channel_id)
            return False
        return True


class Watch:
    """All mailboxes of the installation, looked at again every few seconds: connected, changed and disconnected ones."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._threads: dict[int, MailboxThread] = {}

    def run(self, stop: Event) -> None:
        """Look after the threads until told to stop."""
        while not stop.is_set():
            try:
                self.look()
            except Exception:
                logger.exception("mailboxes cannot be looked up")
            finally:
                connections.close_all()
            stop.wait(LOOK_SECONDS)
        self.stop()

    def look(self) -> None:
        """Start, replace and end threads, so that they are what the channels say."""
        wanted = {}
        for workspace_id, channel_id in mailboxes()[:MOST_MAILBOXES]:
            watched = mailbox_to_watch(workspace_id=workspace_id, channel_id=channel_id)
            if watched is not None:
                wanted[channel_id] = watched
        for channel_id, thread in list(self._threads.items()):
            watched = wanted.get(channel_id)
            if watched is None or watched.stamp != thread.watched.stamp:
                thread.ask_to_stop()
            if not thread.is_alive():
                del self._threads[channel_id]
        for channel_id, watched in wanted.items():
            if channel_id not in self._threads:
                self._threads[channel_id] = thread = MailboxThread(watched, clock=self._clock)
                thread.start()

    def stop(self) -> None:
        """End every thread; one in the middle of a mail is left to its transaction."""
        for thread in self._threads.values():
            thread.ask_to_stop()
        for thread in self._threads.values():
            thread.join(timeout=3)
