"""An agent answers with the keyboard: snippet, variable, comment, undo, take-over and closing, without one reload."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inbox import actions
from inbox.models import Message, Snippet, Status
from tests.factories import PASSWORD, Cast
from tests.inbox.steps import a_channel, hears, latest
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def a_question(cast: Cast) -> Message:
    with workspace_scope(cast.acme.pk):
        now = timezone.now()
        Snippet.objects.create(
            workspace_id=cast.acme.pk,
            name="tracking",
            text="Hola $contact.firstname, ya salió.",
            created_at=now,
            updated_at=now,
        )
        return hears(cast.ada, a_channel(cast.ada), "Where is my charger?", at=now)


def test_an_agent_answers_a_question(cast: Cast, site: str, page: Page, complaints: list[str]) -> None:
    question = a_question(cast)
    page.goto(f"{site}/account/login?next=/w/{cast.acme.pk}/inbox/c/{question.contact_id}")
    page.fill("[name=login]", "ada@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    thread = page.get_by_role("log")
    expect(page.get_by_text("You are answering.")).to_be_visible()
    expect(thread.get_by_role("article", name="Cleo Marín, Shop line")).to_contain_text("Where is my charger?")

    # The scripts are at work: the time of the lock runs, and the composer measures its words.
    expect(page.locator("[data-running-since]")).to_have_text(re.compile(r"0:\d\d"))
    expect(page.locator("#composer .grows").first).to_have_attribute("data-text", "")

    # A snippet with a variable, sent by the keys, and taken back within the seconds that there are.
    page.keyboard.press("r")
    page.keyboard.type("/tra")
    expect(page.get_by_role("option", name="tracking")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(thread.get_by_text("Hola Cleo, ya salió.")).to_be_visible()
    thread.get_by_role("button", name="Undo").click()
    expect(thread.get_by_text("Taken back before it was sent")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("Hola Cleo, ya salió.")

    # Somebody takes over, and a message comes in: both are seen without a reload.
    with workspace_scope(cast.acme.pk):
        actions.take_lock(actor=cast.max, conversation_id=latest(question).pk, steal=True, at=timezone.now())
        assert question.channel is not None
        hears(cast.ada, question.channel, "Hello?", at=timezone.now())
    page.evaluate(
        "id => document.dispatchEvent(new CustomEvent('tertulia:changed', {detail: {contacts: [id]}}))",
        question.contact_id,
    )
    expect(thread.get_by_text("Hello?")).to_be_visible()
    expect(page.get_by_text("Max Marín took over. What you wrote is kept as a draft.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#composer-text")).to_have_value("Hola Cleo, ya salió.")
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("You are answering.")).to_be_visible()
    expect(page.locator("#composer-text")).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#composer-text")).to_be_focused()  # whoever takes over goes on writing

    # A comment with a mention, and the closing note.
    page.locator("#thread-title").focus()
    page.keyboard.press("n")
    page.keyboard.type("Look @max")
    expect(page.get_by_role("option", name="Max Marín")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(thread.get_by_text("@Max Marín")).to_be_visible()
    page.locator("#thread-title").focus()
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_label("Summary").fill("Sent today")
    page.get_by_role("dialog").get_by_role("button", name="Close the conversation").click()
    expect(thread.get_by_text("closed the conversation")).to_be_visible()
    with workspace_scope(cast.acme.pk):
        assert latest(question).status == Status.RESOLVED
