"""A web chat on a plain page of another site, in a real browser: write, be answered, lose the line, come back."""

import sys
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import FrameLocator, Page, expect
from pytest_django.fixtures import Settings

from contacts.identifiers import Identifier
from inbox import actions
from inbox.content import Content
from inbox.models import Channel, ContactChannel, Message
from tests.axe import serious_barriers
from tests.channels.customer_site import CustomerSite, a_site, a_worker
from tests.channels.widget import a_chat, vouched
from tests.factories import Cast
from tests.realtime import RealtimeProcess
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache")]

Answers = Callable[..., Message]
STRICT = "default-src 'none'; script-src {0}; frame-src {0}"


@pytest.fixture
def shop(site: str) -> Iterator[CustomerSite]:
    with a_site() as shop:
        line = f'<script async src="{site}/widget/chatkey.js"></script>'
        policy = f'<meta http-equiv="Content-Security-Policy" content="{STRICT.format(site)}">'
        shop.pages["/"] = f"<!doctype html><title>Shop</title>{policy}<h1>Umbrellas</h1>{line}"
        yield shop


@pytest.fixture
def chat(cast: Cast, shop: CustomerSite) -> Channel:
    return a_chat(cast.ada, origins=[shop.origin], greeting="Ask us about umbrellas.")


@pytest.fixture(autouse=True)
def _worker(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with a_worker(monkeypatch):
        yield


@pytest.fixture
def answer(cast: Cast, chat: Channel) -> Answers:
    def answer(text: str) -> Message:
        with workspace_scope(cast.acme.pk):
            link = ContactChannel.objects.get(channel=chat)
            return actions.send_message(
                actor=cast.ada,
                contact=Identifier.of(link.contact_id),
                channel_id=chat.pk,
                content=Content(text=text),
                idempotency_key=str(uuid.uuid4()),
                at=timezone.now(),
            )

    return answer


def status_of(cast: Cast, message: Message) -> str:
    with workspace_scope(cast.acme.pk):
        return Message.objects.get(pk=message.pk).status


def until(condition: Callable[[], bool], *, seconds: float = 10) -> float:
    """Wait for something to be true; return how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def arrived(cast: Cast, text: str) -> bool:
    with workspace_scope(cast.acme.pk):
        return Message.objects.filter(text=text).exists()


def opened(page: Page, shop: CustomerSite, path: str = "/") -> FrameLocator:
    page.goto(shop.origin + path)
    page.get_by_role("button", name="Open chat").click()
    return page.frame_locator("iframe")


def test_a_conversation(
    page: Page,
    shop: CustomerSite,
    cast: Cast,
    realtime: RealtimeProcess,
    answer: Answers,
    complaints: list[str],
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.REALTIME_URL, settings.REALTIME_URLS = f"ws://127.0.0.1:{realtime.port}", {}
    frame = opened(page, shop)
    expect(frame.get_by_text("Ask us about umbrellas.")).to_be_visible()
    field = frame.get_by_label("Message")
    expect(field).to_be_focused()

    # The visitor writes, the team sees it; the team answers, the visitor sees it.
    field.fill("Do you have red ones?")
    field.press("Enter")
    to_team = until(lambda: arrived(cast, "Do you have red ones?"))
    log = frame.get_by_role("log")
    expect(log.get_by_role("article")).to_contain_text("Do you have red ones?")
    expect(log.get_by_role("article")).to_contain_text("Sent")
    page.wait_for_timeout(2500)  # the socket has learned by now whose window this is
    began = time.monotonic()
    first = answer("Yes, in three sizes: https://example.com/red.")
    expect(log.get_by_text("Yes, in three sizes")).to_be_visible(timeout=5000)
    to_visitor = time.monotonic() - began
    with capsys.disabled():
        sys.stderr.write(f"\nweb chat: to the team {to_team:.2f} s, to the visitor {to_visitor:.2f} s\n")
    assert to_visitor < 2
    expect(log.get_by_text("Ada")).to_be_visible()
    expect(log.get_by_role("link")).to_have_attribute("href", "https://example.com/red")
    until(lambda: status_of(cast, first) == "read")

    # Closed, the button counts; opened, it counts no more.
    field.press("Escape")
    launcher = page.get_by_role("button", name="Open chat")
    expect(launcher).to_be_focused()
    second = answer("Shall I put one aside?")
    expect(page.get_by_role("button", name="Open chat, 1 unread messages")).to_be_visible()
    until(lambda: status_of(cast, second) == "delivered")
    launcher.press("Enter")
    expect(field).to_be_focused()
    until(lambda: status_of(cast, second) == "read")
    expect(page.get_by_role("button", name="Close chat", exact=True)).to_be_visible()

    # Without a line what is written waits, and what was answered meanwhile is there afterwards.
    page.context.set_offline(True)
    field.fill("Yes, the small one")
    field.press("Enter")
    expect(frame.get_by_text("No connection.")).to_be_visible()
    expect(log.get_by_text("Waiting for the connection")).to_be_visible()
    answer("Are you still there?")
    page.context.set_offline(False)
    until(lambda: arrived(cast, "Yes, the small one"))
    expect(log.get_by_text("Are you still there?")).to_be_visible()
    expect(log.get_by_text("Waiting for the connection")).to_have_count(0)
    with workspace_scope(cast.acme.pk):
        assert Message.objects.filter(text="Yes, the small one").count() == 1

    # The realtime process dies: the page asks by itself.
    realtime.kill()
    answer("Here is the bill")
    expect(log.get_by_text("Here is the bill")).to_be_visible(timeout=8000)

    # A new page, the same browser: the same history, and nothing of the frame wider than a small phone.
    page.set_viewport_size({"width": 320, "height": 568})
    frame = opened(page, shop)
    expect(frame.get_by_role("log").get_by_role("article")).to_have_count(6)
    inside = next(one for one in page.frames if "/frame" in one.url)
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth && innerWidth === 320")
    frame.get_by_role("button", name="Close chat").click()
    expect(page.get_by_role("button", name="Open chat")).to_be_visible()


def test_somebody_who_is_logged_in_on_the_site(
    page: Page, site: str, shop: CustomerSite, cast: Cast, chat: Channel
) -> None:
    who = vouched("42", name="Cleo Marín")
    settings = f"window.tertuliaSettings = {{language: 'es', identity: {who!r}}}"
    shop.pages["/in"] = (
        f'<!doctype html><title>Shop</title><script>{settings}</script><script async src="{site}/widget/chatkey.js"></script>'
    )
    page.goto(f"{shop.origin}/in")
    page.locator("#tertulia button").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "es")
    frame.locator("#text").fill("¿Dónde está mi pedido?")
    frame.locator("#file").set_input_files({"name": "ticket.txt", "mimeType": "text/plain", "buffer": b"No 7"})
    expect(frame.locator("#files li")).to_have_text("ticket.txt×")
    frame.locator("button[type=submit]").click()
    until(lambda: arrived(cast, "¿Dónde está mi pedido?"))
    expect(frame.get_by_role("link", name="ticket.txt")).to_be_visible()
    with workspace_scope(cast.acme.pk):
        link = ContactChannel.objects.select_related("contact").get(channel=chat)
        assert (link.external_id, link.contact.name) == ("user:42", "Cleo Marín")

    # Logged out, nothing of it is to be seen; logged in again, everything.
    page.evaluate("Tertulia.logout()")
    expect(frame.get_by_role("article")).to_have_count(0)
    page.evaluate("who => Tertulia.identify(who)", who)
    expect(frame.get_by_text("¿Dónde está mi pedido?")).to_be_visible()


def test_another_site_shows_no_chat(page: Page, site: str, shop: CustomerSite, chat: Channel, cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=chat.pk).update(settings={"origins": ["https://shop.example.com"]})
    frame = opened(page, shop)
    page.wait_for_timeout(500)
    expect(frame.get_by_label("Message")).to_have_count(0)


def test_words_from_other_pages_are_not_heard(page: Page, site: str, shop: CustomerSite, chat: Channel) -> None:
    stranger = f"http://127.0.0.1:{shop.port}"
    said = "{tertulia: 'chatkey', type: 'unread', count: 7}"
    shop.pages["/stranger"] = f"<script>setInterval(() => parent.postMessage({said}, '*'), 50)</script>"
    shop.pages["/with"] = (
        f'<!doctype html><iframe src="{stranger}/stranger" title="Advert"></iframe>'
        f'<script async src="{site}/widget/chatkey.js"></script>'
    )
    page.goto(f"{shop.origin}/with")
    launcher = page.get_by_role("button", name="Open chat")
    expect(launcher).to_be_visible()
    page.wait_for_timeout(500)
    expect(launcher).to_have_accessible_name("Open chat")


def test_nothing_serious_bars_anybody(
    page: Page, shop: CustomerSite, chat: Channel, cast: Cast, answer: Answers
) -> None:
    frame = opened(page, shop)
    frame.get_by_label("Message").fill("Do you have red ones?")
    frame.get_by_label("Message").press("Enter")
    until(lambda: arrived(cast, "Do you have red ones?"))
    answer("Yes: https://example.com/red")
    expect(frame.get_by_role("link")).to_be_visible(timeout=8000)
    inside = next(one for one in page.frames if "/frame" in one.url)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert serious_barriers(inside) == [], scheme
