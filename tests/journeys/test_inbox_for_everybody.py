"""Nothing serious bars anybody from the inbox's pages: axe looks at each, by day and by night."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.closing_notes import add_closing_category
from inbox.models import Channel, Message, MessageTag, Snippet, Topic
from tests.axe import serious_by_day_and_night
from tests.browsers import DESK, lent
from tests.channels.widget import a_chat
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears, says
from tests.journeys.living import TOMAS, enter
from tests.workspaces.sinks import a_sink
from workspaces.actions.hooks import HookValues, add_hook
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
    with workspace_scope(cast.acme.pk):
        channel_ids = list(Channel.objects.in_workspace(cast.acme.pk).values_list("pk", flat=True))
    paths = [
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
    ]
    found: dict[str, object] = {}
    with lent(browser, **DESK) as context:
        page = context.new_page()
        enter(page, site, cast.ada_user)
        for path in paths:
            answer = page.goto(f"{site}/w/{cast.acme.pk}/{path}")
            assert answer is not None
            assert answer.status == 200, path
            if seen := serious_by_day_and_night(page):
                found[path] = seen
    assert found == {}
