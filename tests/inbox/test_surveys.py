"""Satisfaction surveys: who is asked, and what the page takes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.recomputing import recompute_batch
from inbox.models import (
    ContactChannel,
    Conversation,
    Message,
    Response,
    StatusChange,
    Survey,
)
from inbox.queries.surveys import digest_of
from inbox.selection import ConversationSelection
from tests.factories import NOON, Cast, a_member, browser_of
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.actions import create_team
from workspaces.actors import Actor
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache")]
ADDRESS = re.compile(r"http\S+(/survey/[A-Za-z0-9_-]{22})$")


def switch_on(cast: Cast, **values: object) -> None:
    actions.change_inbox_settings(actor=cast.ada, values={"survey_is_on": True, **values}, at=NOON)


def asked_contact(cast: Cast, *, language: str = "", **values: object) -> tuple[Message, str]:
    """Let Cleo ask, Ben answer and close; return Cleo's message, and the address that she was sent."""
    now = timezone.now()
    with workspace_scope(cast.acme.pk):
        switch_on(cast, **values)
        message = hears(cast.ben, a_channel(cast.ada), "Where is it?", at=now - timedelta(minutes=9))
        says(cast.ben, message, at=now - timedelta(minutes=5))
        Conversation.objects.update(language=language)
        actions.close_conversation(
            actor=cast.ben, contact=Identifier.of(message.contact_id), at=now - timedelta(minutes=2)
        )
        sent = Message.objects.get(sender_kind="system")
        found = ADDRESS.search(sent.text)
        assert found is not None
        return message, found[1]


def visitor(**headers: str) -> Client:
    return Client(headers=headers)


def survey_of(cast: Cast) -> Survey:
    with workspace_scope(cast.acme.pk):
        return Survey.objects.get()


def test_a_resolution_asks_once_and_changes_nothing_else(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        switch_on(cast, survey_question="Why?", survey_hours=24)
        message = hears(cast.ben, a_channel(cast.ada), "Where is it?")
        says(cast.ben, message, at=later(1))
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(message.contact_id), at=later(2))
        sent = Message.objects.get(sender_kind="system")
        survey, change = Survey.objects.get(), StatusChange.objects.get(new="resolved")
        assert (sent.user_id, sent.payload, sent.channel_id) == (None, {"system_user_type": "CSAT"}, message.channel_id)
        assert sent.text.startswith("How did we do? ")
        found = ADDRESS.search(sent.text)
        assert found is not None
        assert bytes(survey.token_sha256) == digest_of(found[1].removeprefix("/survey/"))
        assert (survey.status_change_id, survey.message_id, survey.user_id) == (change.pk, sent.pk, cast.ben.user_id)
        assert (survey.question, survey.sent_at, survey.expires_at) == ("Why?", later(2), later(2 + 24 * 60))
        row = latest(message)
        assert (row.status, row.outgoing_count, row.closed_at, row.last_message_id) == (
            "resolved",
            2,
            later(2),
            sent.pk,
        )
        assert (Response.objects.count(), row.response_count, "http" in row.preview) == (1, 1, False)
        assert recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False).differences == []
        actions.set_conversation_status(
            actor=cast.ben, contact=Identifier.of(message.contact_id), status="new", at=later(3)  # type: ignore[arg-type]
        )  # fmt: skip
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(message.contact_id), at=later(4))
        assert Survey.objects.count() == 2  # another resolution
        assert recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False).differences == []


def test_the_team_of_that_moment_is_credited(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", at=NOON)
        team_id = team.pk
    _user, eve = a_member(cast.acme, email="eve@example.com", team_id=team_id)
    with workspace_scope(cast.acme.pk):
        switch_on(cast)
        message = hears(cast.ben, a_channel(cast.ada))
        actions.close_conversation(actor=eve, contact=Identifier.of(message.contact_id), at=later(1))
        survey = Survey.objects.get()
        assert (survey.user_id, survey.team_id) == (eve.user_id, team_id)


def test_who_is_not_asked(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        off = hears(cast.ben, channel, sender="+34600000000")
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(off.contact_id), at=later(1))
        switch_on(cast)
        quiet = hears(cast.ben, channel, sender="+34600000001")
        gone = hears(cast.ben, channel, sender="+34600000002")
        ContactChannel.objects.filter(contact_id=gone.contact_id).update(state="unreachable")
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(gone.contact_id), at=later(1))
        silent = actions.open_conversation(actor=cast.ben, contact=Identifier.of(off.contact_id), at=later(2))
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(silent.contact_id), at=later(3))
    actions.resolve_quiet_conversations(clock=lambda: later(60 * 24 * 31))
    with workspace_scope(cast.acme.pk):
        assert latest(quiet).closed_by_source == "auto_close"
        assert Survey.objects.count() == 0


def test_in_bulk_and_over_the_api_they_are_asked_too(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        switch_on(cast, survey_text="Rate us")
        channel = a_channel(cast.ada)
        rows = [hears(cast.ben, channel, sender=f"+3460000000{number}") for number in range(3)]
        chosen = ConversationSelection(ids=(rows[0].conversation_id or 0, rows[1].conversation_id or 0))
        assert actions.close_conversations(actor=cast.ada, chosen=chosen, at=later(1)) == 2
        token = Actor.system(workspace_id=cast.acme.pk)
        actions.close_conversation(
            actor=token, contact=Identifier.of(rows[2].contact_id), source="api", by_hand=False, at=later(1)
        )
        credited = Survey.objects.order_by("pk").values_list("user_id", flat=True)
        assert list(credited) == [cast.ada.user_id, cast.ada.user_id, None]
        texts = Message.objects.filter(sender_kind="system").values_list("text", flat=True)
        assert {text.partition("\n")[0] for text in texts} == {"Rate us"}


def test_the_page_takes_a_score_then_an_answer_and_neither_twice(cast: Cast) -> None:
    message, where = asked_contact(cast, survey_question="What could be better?")
    client = visitor()
    page = client.get(where)
    assert (page.status_code, page["X-Robots-Tag"], page["Referrer-Policy"]) == (200, "noindex", "same-origin")
    assert "unsafe" not in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "How did we do?" in text
    assert not {"Cleo", "Acme", "style=", "onclick"} & {
        word for word in ("Cleo", "Acme", "style=", "onclick") if word in text
    }
    assert client.post(where, {"score": "6"}).status_code == 422
    assert client.post(where, {"answer": "Before the score"}).status_code == 422
    before = survey_of(cast)
    assert (before.score, before.answer) == (None, "")
    assert client.post(where, {"score": "4"}).status_code == 303
    asks = client.get(where).content.decode()
    assert "What could be better?" in asks
    client.post(where, {"score": "1"})
    assert client.post(where, {"answer": " "}).status_code == 422
    assert client.post(where, {"answer": "  Tell me sooner "}).status_code == 303
    assert "Thank you" in client.get(where).content.decode()
    client.post(where, {"answer": "Again"})
    client.post(where, {"score": "2"})
    after = survey_of(cast)
    assert (after.score, after.answer) == (4, "Tell me sooner")
    with workspace_scope(cast.acme.pk):
        row = latest(message)
        assert (row.status, row.changed_at) == ("resolved", after.answered_at)
        told = EventRecord.objects.filter(type="inbox.survey.answered").order_by("pk")
        assert [(one.data["score"], one.data["answer"]) for one in told] == [(4, ""), (4, "Tell me sooner")]
        assert recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False).differences == []
    thread = (
        browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True).content.decode()
    )
    assert "The contact scored the conversation <b>4</b> out of 5" in thread
    assert "Tell me sooner" in thread
    assert where not in thread  # whoever has the address answers for the contact


def test_a_score_alone_is_enough_where_nothing_else_is_asked(cast: Cast) -> None:
    _message, where = asked_contact(cast)
    client = visitor()
    assert "Thank you" in client.post(where, {"score": "5"}, follow=True).content.decode()


def test_over_unknown_and_forged(cast: Cast) -> None:
    _message, where = asked_contact(cast, survey_question="Why?")
    assert visitor().get("/survey/" + "A" * 22).status_code == 404
    assert visitor().get("/survey/x").status_code == 404
    assert Client(enforce_csrf_checks=True).post(where, {"score": "5"}).status_code == 403
    with workspace_scope(cast.acme.pk):
        Survey.objects.update(expires_at=timezone.now())
    over = visitor().get(where)
    assert (over.status_code, "time to answer this survey is over" in over.content.decode()) == (410, True)
    assert visitor().post(where, {"score": "5"}).status_code == 410
    assert survey_of(cast).score is None
    with workspace_scope(cast.acme.pk):
        Survey.objects.update(score=3, answered_at=NOON)
    assert "Thank you" in visitor().get(where).content.decode()
    assert visitor().post(where, {"answer": "Late"}).status_code == 410
    assert survey_of(cast).answer == ""


@pytest.mark.parametrize(
    ("language", "browser", "spoken"), [("es", "en", "es"), ("en", "es", "en"), ("fr", "es", "es"), ("", "en", "en")]
)
def test_the_page_speaks_the_contacts_language_else_the_browsers(
    cast: Cast, language: str, browser: str, spoken: str
) -> None:
    _message, where = asked_contact(cast, language=language)
    page = visitor(**{"Accept-Language": browser}).get(where)
    assert page["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in page.content.decode()


def test_an_address_is_asked_so_often_and_no_more(cast: Cast) -> None:
    answers = {visitor().get("/survey/" + "B" * 22).status_code for _number in range(70)}
    assert answers == {404, 429}


def test_the_settings_page(cast: Cast) -> None:
    ada, where = browser_of(cast.ada_user), f"/w/{cast.acme.pk}/settings/survey"
    form = {"survey_is_on": "on", "survey_text": " Rate  us ", "survey_question": "Why?", "survey_hours": "48"}
    assert ada.post(where, form).status_code == 302
    assert "Rate us" in ada.get(where).content.decode()
    assert ada.post(where, {**form, "survey_hours": "0"}).status_code == 422
    assert browser_of(cast.ben_user).get(where).status_code == 403
