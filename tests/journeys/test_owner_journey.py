"""An owner connects channels: a custom one whose secrets are shown once, a web chat with its line of code, and a snippet."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from inbox.models import Channel, Snippet
from tests.factories import Cast
from tests.inbox.steps import hears
from tests.journeys.living import enter
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _our_gateway(settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]


def connect(page: Page, kind: str, **values: str) -> None:
    page.get_by_role("link", name=f"Connect: {kind}").click()
    dialog = page.get_by_role("dialog")
    for label, value in values.items():
        dialog.get_by_label(label.replace("_", " "), exact=True).fill(value)
    dialog.get_by_role("button", name="Connect", exact=True).click()


def test_channels_are_connected_and_a_snippet_is_used(page: Page, site: str, cast: Cast, complaints: list[str]) -> None:
    enter(page, site, cast.ada_user)
    settings = f"{site}/w/{cast.acme.pk}/settings"
    page.goto(f"{settings}/channels")
    page.get_by_role("link", name="Connect a channel").first.click()
    connect(page, "Custom channel", Name="Our gateway", Destination_address="http://127.0.0.1:9999/in")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("“Our gateway” is connected.")).to_be_visible()
    token = dialog.get_by_label("Token", exact=True).input_value()
    expect(dialog.get_by_text("/custom/webhook")).to_be_visible()
    dialog.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", name="Our gateway")).to_be_visible()
    expect(page.get_by_text(token)).to_have_count(0)
    with workspace_scope(cast.acme.pk):
        gateway = Channel.objects.get(name="Our gateway")
        assert bytes(gateway.token_sha256 or b"") == digest(token)

    page.goto(f"{settings}/channels/new")
    connect(page, "Web chat", Name="Shop chat", Allowed_sites="https://shop.example.com")
    code = page.get_by_text(re.compile(r"<script.*/widget/"))
    expect(code.first).to_be_visible()
    with workspace_scope(cast.acme.pk):
        chat = Channel.objects.get(name="Shop chat")
        assert chat.key in code.first.inner_text()

    page.goto(f"{settings}/snippets")
    page.get_by_role("link", name="Add snippet").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("tracking")
    dialog.get_by_label("Text").fill("Hola $contact.firstname, ya salió.")
    dialog.locator("button[type=submit]").click()
    expect(page.get_by_role("link", name="tracking", exact=True)).to_be_visible()

    with workspace_scope(cast.acme.pk):
        assert Snippet.objects.get().name == "tracking"
        question = hears(cast.ada, gateway, "Where is my charger?")
    page.goto(f"{site}/w/{cast.acme.pk}/inbox/c/{question.contact_id}")
    page.locator("#thread-title").focus()
    page.keyboard.press("r")
    page.keyboard.type("/tra")
    page.get_by_role("option", name="tracking").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("Hola $contact.firstname, ya salió.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text("Hola Cleo, ya salió.")).to_be_visible()
