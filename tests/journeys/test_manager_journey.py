"""A manager's morning in Spanish: a saved inbox, the filter, words of a message, many closed at once, closing notes required."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inbox import actions
from inbox.actions.closing_notes import add_closing_category
from inbox.models import ClosingMode, Conversation, CustomInbox, Status
from inbox.queries.behaviour import settings_of
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import TOMAS, enter
from workspaces.actions import Profile, change_profile
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = ((TOMAS, "¿Venden paraguas rojos?"), ("+34600111222", "Mi factura"), ("+34600111333", "Gracias por todo"))


def a_morning(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        for sender, text in PEOPLE:
            hears(cast.ada, channel, text, sender=sender, at=timezone.now())
        add_closing_category(actor=cast.ada, name="Entregas", at=timezone.now())


def test_a_manager_in_spanish(page: Page, site: str, cast: Cast, complaints: list[str]) -> None:
    a_morning(cast)
    enter(page, site, cast.max_user)
    home = f"{site}/w/{cast.acme.pk}"
