"""Nothing serious bars anybody from the inbox's pages: axe looks at each, by day and by night."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.closing_notes import add_closing_category
from inbox.models import Channel, Message, MessageTag, Snippet, Topic
from tests.channels.customer_site import a_product
from tests.channels.widget import a_chat
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears, says
from tests.journeys.living import TOMAS, enter
from tests.workspaces.sinks import a_sink
from workspaces.actions.hooks import HookValues, add_hook
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
LOOK = """(options) => axe.run({...options, resultTypes: ["violations"], preload: false}).then((result) => result.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, one.help, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))"""


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    with a_product() as address:
        yield address


@pytest.fixture
def question(cast: Cast, settings: Settings) -> Message:
    """Make something of everything that the pages show."""
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]
    at = timezone.now()
    a_chat(cast.ada)
    with a_sink() as sink:
        add_hook(actor=cast.ada, values=HookValues(url=sink.url(), event_types=["contact.created"]), at=at)
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel, "Do you sell umbrellas?", sender=TOMAS, at=at)
        question = hears(cast.ada, channel, "Where is my charger?", at=at)
        says(cast.ada, question, "It left today", at=at)
        actions.add_comment(
            actor=cast.ada,
            contact=Identifier.of(question.contact_id),
            text=f"Look {{{{@user.{cast.max_user.pk}}}}}",
            at=at,
        )
        workspace_id = cast.acme.pk
        add_closing_category(actor=cast.ada, name="Delivery", at=at)
        Topic.objects.create(workspace_id=workspace_id, name="Refunds", created_at=at)
        MessageTag.objects.create(workspace_id=workspace_id, name="Praise", created_at=at)
        Snippet.objects.create(workspace_id=workspace_id, name="tracking", text="Hola", created_at=at, updated_at=at)
    return question


def test_nothing_serious_bars_anybody(browser: Browser, site: str, cast: Cast, question: Message) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en", reduced_motion="reduce", bypass_csp=True
    )
    context.add_init_script(AXE)
    page = context.new_page()
    enter(page, site, cast.ada_user)
    with workspace_scope(cast.acme.pk):
        channel_ids = list(Channel.objects.in_workspace(cast.acme.pk).values_list("pk", flat=True))
    found: dict[str, object] = {}
    for path in [
        "inbox/v/all",
        f"inbox/v/all/c/{question.contact_id}",
        "inbox/search?q=charger",
        "inbox/saved/new",
        "settings/channels",
        "settings/channels/new",
        *(f"settings/channels/{channel_id}" for channel_id in channel_ids),
        "settings/channels/new?kind=custom_channel",
        "settings/dead-letters",
        "settings/closing-notes",
        "settings/topics",
        "settings/message-tags",
        "settings/working-hours",
        "settings/away-states",
        "settings/snippets",
        "settings/snippets/new",
        "settings/files",
        "settings/inbox",
        "settings/webhooks",
        "settings/webhooks/new",
    ]:
        seen = looked_at(page, f"{site}/w/{cast.acme.pk}/{path}")
        if seen:
            found[path] = seen
    context.close()
    assert found == {}


def looked_at(page: Page, url: str) -> list[object]:
    """Return what axe finds serious or critical on a page, by day and by night, when only colours differ."""
    page.emulate_media(color_scheme="light")
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 200, url
    by_day: list[object] = page.evaluate(LOOK, {})
    page.emulate_media(color_scheme="dark")
    page.reload()  # a page that changes its colours while it is open is measured in between
    by_night: list[object] = page.evaluate(LOOK, {"runOnly": ["color-contrast"]})
    return by_day + by_night
