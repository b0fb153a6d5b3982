"""An agent's day in the open inbox: what comes in by the webhook is seen without a reload, answered, handed on and closed."""

import re
import sys

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inbox.actions.closing_notes import add_closing_category
from inbox.models import Conversation, LockSession, Message, Status
from tests.factories import Cast
from tests.journeys.living import TOMAS, Living, enter, seconds_to, until, wait_for_line
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def arrived(cast: Cast, number: int) -> bool:
    with workspace_scope(cast.acme.pk):
        return Message.objects.in_workspace(cast.acme.pk).count() == number


def test_an_agent_answers_what_comes_in(
    cast: Cast,
    living: Living,
    page: Page,
    other: Page,
    complaints: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    gateway = living.gateway
    with workspace_scope(cast.acme.pk):
        add_closing_category(actor=cast.ada, name="Delivery", at=timezone.now())
    gateway.hears("Do you sell umbrellas?", sender=TOMAS, first_name="Tomás", last_name="Vidal")
    gateway.hears("Where is my charger?")
    until(lambda: arrived(cast, 2))

    # Through the list by key, and into the thread.
    enter(page, living.url, cast.ben_user)
    page.goto(f"{living.url}/w/{cast.acme.pk}/inbox/v/all")
    wait_for_line(page)
    rows = page.locator("#inbox-rows [data-row-link]")
    expect(rows).to_have_count(2)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    thread = page.get_by_role("log")
    expect(thread.get_by_text("Where is my charger?")).to_be_visible()
    expect(page.get_by_text("You are answering.")).to_be_visible()

    # What comes in while the page is open is seen in the list and in the thread.
    page.evaluate("window.notReloaded = true")
    row = page.locator("#inbox-rows").get_by_text("It was due on Monday")
    known = seconds_to(lambda: gateway.hears("It was due on Monday"), row, thread.get_by_text("It was due on Monday"))
    fresh = seconds_to(
        lambda: gateway.hears("Good morning", sender="+34600777666", first_name="Ina", last_name="Roth"),
        page.locator("#inbox-rows").get_by_text("Ina Roth"),
    )
    with capsys.disabled():
        sys.stderr.write(f"\ncustom channel: sent to seen {known:.2f} s; by somebody new {fresh:.2f} s\n")
    expect(rows).to_have_count(3)
    expect(page.get_by_text("3 open")).to_be_visible()

    # A colleague looks at the same thread: who answers is shown, and nothing can be written before taking over.
    contact_id = int(page.locator("#thread").get_attribute("data-contact") or "0")
    enter(other, living.url, cast.max_user)
    other.goto(f"{living.url}/w/{cast.acme.pk}/inbox/c/{contact_id}")
    wait_for_line(other)
    expect(other.locator(".lockbar")).to_contain_text("Ben Tanaka is answering")
    expect(other.locator("#composer-text")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Max Marín is looking at this, too")).to_be_visible()

    # Sent by key, taken back within the seconds, sent again: it leaves, and the colleague sees it.
    page.locator("#thread-title").focus()
    page.keyboard.press("r")
    page.keyboard.type("It left today.")
    expect(other.get_by_text("Ben Tanaka is writing…")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    expect(thread.get_by_text("Taken back before it was sent")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("It left today.")
    page.locator("#composer-text").fill("It left this morning.")
    page.keyboard.press("Control+Enter")
    expect(thread.get_by_text("It left this morning.")).to_be_visible()
    expect(other.get_by_role("log").get_by_text("It left this morning.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("")

    # A comment with a mention, and the contact is handed on.
    page.locator("#thread-title").focus()
    page.keyboard.press("n")
    page.keyboard.type("Look @max")
    page.get_by_role("option", name="Max Marín").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(thread.get_by_text("@Max Marín")).to_be_visible()
    page.locator("#thread-title").focus()
    page.keyboard.press("a")
    page.keyboard.type("Max")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Assignee")).to_have_value("Max Marín")
    expect(other.get_by_role("combobox", name="Assignee")).to_have_value("Max Marín")
    expect(other.locator("#unseen-side")).to_contain_text(re.compile(r"[1-9]"))

    # The colleague takes over; the first page learns of it.
    other.get_by_role("button", name="Take over").click()
    expect(other.get_by_text("You are answering.")).to_be_visible()
    expect(page.get_by_text("Max Marín took over.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_attribute("aria-disabled", "true")
    until(lambda: gateway.said() == ["It left this morning."])
    expect(thread.locator(".msg.out").filter(has_text="It left this morning.")).to_contain_text("Sent")

    # Put off until later, then closed with its note.
    other.locator("#thread-title").focus()
    other.keyboard.press("s")
    other.get_by_role("button", name="1 hour").click()
    expect(other.locator("#thread-head")).to_contain_text("Snoozed to")
    other.locator("#thread-title").focus()
    other.keyboard.press("e")
    dialog = other.get_by_role("dialog")
    dialog.get_by_label("Category").select_option("Delivery")
    dialog.get_by_label("Summary").fill("Sent today")
    dialog.get_by_role("button", name="Close the conversation").click()
    expect(other.locator("#thread-head")).to_contain_text("Closed")
    expect(page.locator("#thread-head")).to_contain_text("Closed")
    assert page.evaluate("window.notReloaded")
    with workspace_scope(cast.acme.pk):
        closed = Conversation.objects.get(contact_id=contact_id)
        assert (closed.status, closed.closed_category, closed.closed_by_id) == (
            Status.RESOLVED,
            "Delivery",
            cast.max_user.pk,
        )
        assert closed.closed_summary == "Sent today"
        assert LockSession.objects.filter(conversation_id=closed.pk).count() == 2
