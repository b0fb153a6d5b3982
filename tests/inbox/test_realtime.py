"""Sockets against the real process: who may open one, what is told to whom, and what happens when parts of it fall."""

import json
import subprocess
import time
from pathlib import Path

import pytest
import redis
from django.contrib.sessions.models import Session
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry
from websockets.exceptions import InvalidStatus

from config.embedded.programs import free_port, stop, wait_until_ready
from config.embedded.valkey import valkey_in
from contacts.actions import add_contact, tag_contact, tag_contacts, update_contact
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from contacts.queries import visible_contacts
from contacts.selection import Selection
from inbox.queries.realtime import audience_of
from tests.factories import NOON, Cast, a_member
from tests.realtime import Page, RealtimeProcess, session_of
from workspaces.actions import change_member, choose_presence, create_team, remove_member
from workspaces.actors import Actor
from workspaces.bells import publish, ring_contacts
from workspaces.models import EventRecord, Presence, User
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def page_of(realtime: RealtimeProcess, cast: Cast, user: User) -> Page:
    page = realtime.open(f"/ws/w/{cast.acme.pk}", session=session_of(user))
    assert page.next() == {"type": "welcome"}
    return page


def a_contact(cast: Cast, **values: object) -> Contact:
    with workspace_scope(cast.acme.pk):
        return add_contact(actor=cast.ada, values={"first_name": "Cleo", **values}, source=Source.USER, at=NOON)  # type: ignore[typeddict-item]


def newest_event(cast: Cast) -> int:
    with workspace_scope(cast.acme.pk):
        return EventRecord.objects.order_by("-pk").values_list("pk", flat=True)[0]


def assign(cast: Cast, contact: Contact, user: User | None) -> None:
    with workspace_scope(cast.acme.pk):
        update_contact(
            actor=cast.ada,
            contact=Identifier.of(contact.pk),
            values={"assignee_id": user.pk if user else None},
            at=NOON,
        )


def restricted(cast: Cast) -> tuple[User, Actor]:
    return a_member(cast.acme, email="liv@example.com", name="Liv Holm", restrictions=("show_only_mine",))


def test_only_members_on_our_own_pages_get_a_socket(cast: Cast, realtime: RealtimeProcess) -> None:
    path, ada, gus = f"/ws/w/{cast.acme.pk}", session_of(cast.ada_user), session_of(cast.gus_user)
    refused = [
        (path, gus, realtime.origin),
        (path, "", realtime.origin),
        (path, "x" * 32, realtime.origin),
        (path, ada, "http://evil.example"),
        (path, ada, "http://127.0.0.1:8080"),
        (path, ada, None),
        ("/ws/w/999999", ada, realtime.origin),
        ("/ws/w/99999999999999999999", ada, realtime.origin),
        ("/ws/nothing", ada, realtime.origin),
    ]
    for where, session, origin in refused:
        with pytest.raises(InvalidStatus) as no:
            realtime.open(where, session=session, origin=origin)
        assert no.value.response.status_code == 403, (where, origin)
    assert realtime.open(path, session=ada).next() == {"type": "welcome"}


def test_a_frame_comes_after_the_commit_once_per_contact_and_to_the_own_workspace_only(
    cast: Cast, realtime: RealtimeProcess
) -> None:
    ada = page_of(realtime, cast, cast.ada_user)
    gus = realtime.open(f"/ws/w/{cast.globex.pk}", session=session_of(cast.gus_user))
    gus.next()
    with workspace_scope(cast.acme.pk):
        contact = add_contact(actor=cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
        tag_contact(actor=cast.ada, contact=Identifier.of(contact.pk), names=["Gold"], at=NOON)
        assert ada.all_within(0.5) == []
    began = time.monotonic()
    assert ada.next() == {"type": "changed", "contacts": [contact.pk], "at": newest_event(cast)}
    assert time.monotonic() - began < 1
    assert ada.all_within(0.5) == []
    assert gus.all_within(0.2) == []


def test_what_is_rolled_back_is_not_told(cast: Cast, realtime: RealtimeProcess) -> None:
    ada = page_of(realtime, cast, cast.ada_user)
    with workspace_scope(cast.acme.pk):
        add_contact(actor=cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
        transaction.set_rollback(True)
    with workspace_scope(cast.acme.pk):
        with transaction.atomic():
            ring_contacts(cast.acme.pk, [111])
            transaction.set_rollback(True)
        ring_contacts(cast.acme.pk, [222])
        with transaction.atomic():
            ring_contacts(cast.acme.pk, [333])
    assert ada.next()["contacts"] == [222, 333]


def test_an_agent_with_own_contacts_only_hears_of_those_and_of_what_is_taken_away(
    cast: Cast, realtime: RealtimeProcess
) -> None:
    liv_user, _liv = restricted(cast)
    mine, other = a_contact(cast), a_contact(cast)
    assign(cast, mine, liv_user)
    liv = page_of(realtime, cast, liv_user)
    with workspace_scope(cast.acme.pk):
        for contact in (mine, other):
            tag_contact(actor=cast.ada, contact=Identifier.of(contact.pk), names=["Gold"], at=NOON)
    assert liv.next()["contacts"] == [mine.pk]
    assign(cast, other, cast.max_user)
    assert liv.all_within(0.5) == []
    assign(cast, mine, cast.max_user)
    assert liv.next()["contacts"] == [mine.pk]
    with workspace_scope(cast.acme.pk):
        tag_contact(actor=cast.ada, contact=Identifier.of(mine.pk), names=["Silver"], at=NOON)
    assert liv.all_within(0.5) == []


def test_a_socket_closes_within_five_seconds_when_its_rights_change(cast: Cast, realtime: RealtimeProcess) -> None:
    codes = {"log-out": 4401, "disabled": 4401, "password": 4401, "removed": 4403, "role": 4409, "restrictions": 4409}
    people = {case: a_member(cast.acme, email=f"{case}@example.com")[0] for case in codes}
    sessions = {case: session_of(user) for case, user in people.items()}
    pages = {case: realtime.open(f"/ws/w/{cast.acme.pk}", session=session) for case, session in sessions.items()}
    for page in pages.values():
        assert page.next() == {"type": "welcome"}
    other = page_of(realtime, cast, cast.max_user)
    began = time.monotonic()
    Session.objects.filter(session_key=sessions["log-out"]).delete()
    User.objects.filter(pk=people["disabled"].pk).update(is_active=False)
    people["password"].set_password("another wet umbrella")
    people["password"].save()
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=people["removed"].pk, at=NOON)
        for case, role, limits in (("role", "manager", ()), ("restrictions", "agent", ("show_only_mine",))):
            change_member(
                actor=cast.ada, user_id=people[case].pk, role=role, restrictions=limits, team_id=None, at=NOON
            )
    closed = {case: page.closed_within(began + 5 - time.monotonic()) for case, page in pages.items()}
    assert closed == codes
    other.send(type="ping")
    assert other.wait_for("pong") == {"type": "pong"}


def test_typing_and_viewing_reach_the_others_who_see_the_contact_and_end_by_themselves(
    cast: Cast, realtime: RealtimeProcess
) -> None:
    liv_user, _liv = restricted(cast)
    contact = a_contact(cast)
    ada, ben = page_of(realtime, cast, cast.ada_user), page_of(realtime, cast, cast.ben_user)
    liv = page_of(realtime, cast, liv_user)
    who = [{"id": cast.ben_user.pk, "name": "Ben Tanaka", "visitor": False}]
    ben.send(type="viewing", contact=contact.pk)
    assert ada.next() == {"type": "viewing", "contact": contact.pk, "people": who}
    ben.send(type="typing", contact=contact.pk, on=True)
    assert ada.next() == {"type": "typing", "contact": contact.pk, "people": who}
    began = time.monotonic()
    assert ada.next(within=9) == {"type": "typing", "contact": contact.pk, "people": []}
    assert 5 < time.monotonic() - began < 8
    ben.close()
    assert ada.next() == {"type": "viewing", "contact": contact.pk, "people": []}
    liv.send(type="typing", contact=contact.pk, on=True)  # not hers: nobody is told, and neither is she
    assert ada.all_within(0.5) == liv.all_within(0.2) == []


def test_whoever_opens_a_thread_learns_who_is_there(cast: Cast, realtime: RealtimeProcess) -> None:
    contact = a_contact(cast)
    ben = page_of(realtime, cast, cast.ben_user)
    ben.send(type="viewing", contact=contact.pk)
    ben.wait_for("viewing")
    ada = page_of(realtime, cast, cast.ada_user)
    ada.send(type="viewing", contact=contact.pk)
    assert [one["name"] for one in ada.wait_for("viewing")["people"]] == ["Ben Tanaka"]


def test_activity_on_an_open_page_is_presence(cast: Cast, realtime: RealtimeProcess) -> None:
    ada, ben = page_of(realtime, cast, cast.ada_user), page_of(realtime, cast, cast.ben_user)
    ben.send(type="active")
    assert ada.next() == {"type": "presence", "members": [cast.ben_user.pk]}
    with workspace_scope(cast.acme.pk):
        assert not Presence.objects.get(user_id=cast.ben_user.pk).is_offline
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=NOON)
    assert ada.next() == {"type": "presence", "members": [cast.ben_user.pk]}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4400),
        ("[]", 4400),
        ('{"type": "unknown"}', 4400),
        ('{"type": ["ping"]}', 4400),
        ('{"type": "viewing", "contact": "1 OR 1"}', 4400),
        ('{"type": "viewing", "contact": -1}', 4400),
        ("[" * 10_000, 4400),
        ("x" * 10_000_000, 1009),
    ],
    ids=["text", "list", "unknown", "odd", "sql", "negative", "deep", "10 MB"],
)
def test_bad_frames_close_the_socket(cast: Cast, realtime: RealtimeProcess, frame: str, code: int) -> None:
    told = page_of(realtime, cast, cast.ada_user).closed_after(frame)
    assert told in {code, 1006} if code == 1009 else told == code  # whoever still sends may not hear why


def test_a_thousand_frames_a_second_close_the_socket_and_memory_stays_flat(
    cast: Cast, realtime: RealtimeProcess
) -> None:
    quiet = page_of(realtime, cast, cast.ben_user)
    before = realtime.rss_megabytes()
    for _ in range(10):
        loud = page_of(realtime, cast, cast.ada_user)
        assert loud.closed_after(*['{"type": "ping"}'] * 1000) == 4429
    assert realtime.rss_megabytes() - before < 20
    quiet.send(type="ping")
    assert quiet.wait_for("pong")


def test_a_storm_of_changes_is_told_in_few_frames(cast: Cast, realtime: RealtimeProcess) -> None:
    ada = page_of(realtime, cast, cast.ada_user)
    began = time.monotonic()
    for number in range(300):
        publish({"kind": "contacts", "workspace": cast.acme.pk, "ids": [1 + number % 40], "left": [], "at": number})
        time.sleep(0.003)
    frames = ada.all_within(1)
    seconds = time.monotonic() - began
    assert {one for frame in frames for one in frame["contacts"]} == set(range(1, 41))
    assert len(frames) <= max(20, 10 * seconds)  # ten words a second
    publish({"kind": "contacts", "workspace": cast.acme.pk, "ids": list(range(1, 1000)), "left": [], "at": 0})
    assert ada.next() == {"type": "catch-up"}


def test_a_killed_process_comes_back_and_pages_with_it(cast: Cast, realtime: RealtimeProcess) -> None:
    ada = page_of(realtime, cast, cast.ada_user)
    realtime.kill()
    assert ada.closed_within(5) == 1006
    realtime.start()
    again = page_of(realtime, cast, cast.ada_user)
    contact = a_contact(cast)
    assert again.next()["contacts"] == [contact.pk]


def test_an_act_on_many_contacts_makes_pages_look(cast: Cast, realtime: RealtimeProcess) -> None:
    chosen = Selection(ids=tuple(a_contact(cast).pk for _ in range(3)))
    ada = page_of(realtime, cast, cast.ada_user)
    with workspace_scope(cast.acme.pk):
        tag_contacts(actor=cast.ada, selection=chosen, names=["Gold"], at=NOON)
    assert ada.next() == {"type": "catch-up"}


@pytest.mark.parametrize("role", ["owner", "manager", "agent"])
@pytest.mark.parametrize("restriction", ["", "show_only_mine", "show_team_contacts"])
def test_sockets_and_lists_know_the_same_rule(cast: Cast, role: str, restriction: str) -> None:
    """The rule on values that sockets use equals the one in SQL, for every kind of member and of contact."""
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Front", description="", member_ids=[cast.ben_user.pk], at=NOON)
    for assignee in (None, cast.ada_user, cast.ben_user, cast.max_user):
        assign(cast, a_contact(cast), assignee)
    for team_id in (None, team.pk):
        actor = Actor.member(
            user_id=cast.max_user.pk,
            workspace_id=cast.acme.pk,
            role=role,
            restrictions=[restriction] if restriction and role == "agent" else [],
            team_id=team_id,
        )
        with workspace_scope(cast.acme.pk):
            every = set(Contact.objects.values_list("pk", flat=True))
            audience = audience_of(cast.acme.pk, every)
            heard = {one for one in every if audience.may_see(actor, one)}
            assert heard == set(visible_contacts(actor).values_list("pk", flat=True))


def test_after_a_restart_of_valkey_pages_look_and_hear_again(cast: Cast, tmp_path: Path) -> None:
    server = valkey_in(tmp_path / "valkey", port=free_port(), password="p" * 16, keep=False)
    running = server.program.start(output=subprocess.DEVNULL)
    wait_until_ready(server, running)
    realtime = RealtimeProcess(REDIS_URL=server.url()).start()
    bus = redis.Redis.from_url(server.url(), retry=Retry(NoBackoff(), 3))
    told = json.dumps({"kind": "contacts", "workspace": cast.acme.pk, "ids": [7], "left": [], "at": 1})
    try:
        ada = page_of(realtime, cast, cast.ada_user)
        bus.publish("tertulia:0:bells", told)
        assert ada.wait_for("changed")["contacts"] == [7]
        stop(server.program, running)
        ada.send(type="ping")
        assert ada.next() == {"type": "pong"}
        running = server.program.start(output=subprocess.DEVNULL)
        wait_until_ready(server, running)
        assert ada.next(within=10) == {"type": "catch-up"}
        bus.publish("tertulia:0:bells", told)
        assert ada.wait_for("changed")["contacts"] == [7]
        assert ada.wait_for("catch-up", within=10)  # for bells that senders kept back while they were silent
    finally:
        bus.close()
        realtime.kill()
        stop(server.program, running)
