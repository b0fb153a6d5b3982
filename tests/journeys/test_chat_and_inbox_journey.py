"""A web chat on a plain page in one browser, the open inbox in another: written, seen, answered, seen, closed with a note."""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from inbox.models import Conversation, InboxSettings, Status
from tests.channels.customer_site import CustomerSite, a_site
from tests.channels.widget import a_chat
from tests.factories import Cast
from tests.journeys.living import Living, enter, seconds_to, wait_for_line
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(living: Living, cast: Cast) -> Iterator[CustomerSite]:
    with a_site() as shop:
        a_chat(cast.ada, origins=[shop.origin])
        line = f'<script async src="{living.url}/widget/chatkey.js"></script>'
        shop.pages["/"] = f"<!doctype html><title>Shop</title><h1>Umbrellas</h1>{line}"
        yield shop


def test_a_visitor_and_an_agent(
    cast: Cast,
    living: Living,
    shop: CustomerSite,
    page: Page,
    other: Page,
    complaints: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with workspace_scope(
        cast.acme.pk
    ):  # what is measured is the way, not the seconds in which a reply can be taken back
        InboxSettings.objects.update_or_create(workspace_id=cast.acme.pk, defaults={"undo_seconds": 0})
    enter(other, living.url, cast.ben_user)
    other.goto(f"{living.url}/w/{cast.acme.pk}/inbox/v/all")
    wait_for_line(other)
    page.goto(shop.origin)
    page.get_by_role("button", name="Open chat").click()
    chat = page.frame_locator("iframe")
    chat.get_by_label("Message").fill("Do you have red ones?")
    row = other.locator("#inbox-rows").get_by_text("Do you have red ones?")
    to_agent = seconds_to(lambda: chat.get_by_label("Message").press("Enter"), row)

    row.click()
    expect(other.get_by_role("log").get_by_text("Do you have red ones?")).to_be_visible()
    expect(other.get_by_text("You are answering.")).to_be_visible()
    other.keyboard.press("r")
    other.keyboard.type("Yes, in three sizes.")
    answer = chat.get_by_role("log").get_by_text("Yes, in three sizes.")
    to_visitor = seconds_to(lambda: other.keyboard.press("Control+Enter"), answer)
    again = other.get_by_role("log").get_by_text("The small one")
    chat.get_by_label("Message").fill("The small one")
    in_thread = seconds_to(lambda: chat.get_by_label("Message").press("Enter"), again)
    with capsys.disabled():
        seconds = f"to the list {to_agent:.2f} s, to the visitor {to_visitor:.2f} s, to the thread {in_thread:.2f} s"
        sys.stderr.write(f"\nweb chat, browser to browser: {seconds}\n")
    expect(other.get_by_role("log").locator(".msg.out")).to_contain_text("Read")

    other.locator("#thread-title").focus()
    other.keyboard.press("e")
    dialog = other.get_by_role("dialog")
    dialog.get_by_label("Summary").fill("Put one aside")
    dialog.get_by_role("button", name="Close the conversation").click()
    expect(other.locator("#thread-head")).to_contain_text("Closed")
    with workspace_scope(cast.acme.pk):
        closed = Conversation.objects.get()
        assert (closed.status, closed.closed_summary) == (Status.RESOLVED, "Put one aside")
