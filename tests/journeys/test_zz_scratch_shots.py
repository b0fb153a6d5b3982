from typing import Any
import pytest
from django.utils import timezone, translation
from datetime import timedelta
from playwright.sync_api import Browser
from contacts.actions import add_contact
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from inbox import actions
from tests.factories import Cast
from tests.inbox.rows import a_row
from tests.inbox.steps import a_channel, hears, says
from tests.journeys.living import enter
from tests.channels.customer_site import a_product
from workspaces.actions import choose_presence, create_away_state
from workspaces.scope import workspace_scope
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
def test_shots(browser: Browser, cast: Cast, settings: Any) -> None:
    settings.LOCALE_PATHS = ["/tmp/dash-locale"]
    from django.utils.translation import trans_real
    trans_real._translations = {}
    now = timezone.now()
    with workspace_scope(cast.acme.pk):
        ch = a_channel(cast.ada)
        ids = []
        for n, (f, l) in enumerate([("Cleo","Marín"),("Tomás","Iriarte de la Fuente-Santamaría"),("Noor","Haddad"),("Iker","Olabarri"),("Wanjiru","Mbeki")]):
            m = hears(cast.ada, ch, f"¿Dónde está mi pedido {n}?", sender=f"+3460012000{n}", at=now - timedelta(minutes=90 - n * 17), profile=__import__("inbox.channels.contract", fromlist=["Profile"]).Profile(first_name=f, last_name=l))
            ids.append(m.contact_id)
        actions.assign_contact(actor=cast.ada, contact=Identifier.of(ids[0]), user_id=cast.ben_user.pk, at=now - timedelta(minutes=9))
        actions.assign_contact(actor=cast.ben, contact=Identifier.of(ids[1]), user_id=cast.ben_user.pk, at=now - timedelta(minutes=8))
        for one in ids[2:]:
            actions.assign_contact(actor=cast.ada, contact=Identifier.of(one), user_id=cast.max_user.pk, at=now - timedelta(minutes=7))
        actions.assign_contact(actor=cast.max, contact=Identifier.of(ids[4]), user_id=None, at=now - timedelta(minutes=6))
        actions.snooze_conversation(actor=cast.ada, contact=Identifier.of(ids[3]), until=now + timedelta(hours=20), at=now)
        actions.close_conversation(actor=cast.max, contact=Identifier.of(ids[2]), at=now - timedelta(minutes=3))
        for name in ("Cleo", "Cleo M."):
            add_contact(actor=cast.ada, values={"first_name": name, "email": "cleo@example.com"}, source=Source.USER, at=now)
        a_row(cast.ada, "Robot talks", held_by_bot=True, last_activity_at=now)
        away = create_away_state(actor=cast.ada, name="Formación", at=now)
        choose_presence(actor=cast.ben, choice="online", away_state_id=None, at=now)
        choose_presence(actor=cast.max, choice="busy", away_state_id=away.pk, at=now)
        type(cast.ada_user).objects.filter(pk=cast.ada_user.pk).update(language="es")
    with a_product() as url:
        for name, w, scheme, path in [("es-wide", 1440, "light", ""), ("es-phone", 360, "dark", ""), ("es-snoozed", 360, "light", "?show=snoozed"), ("es-mid", 980, "dark", "?show=assigned"), ("es-member", 1280, "light", f"?member={cast.max_user.pk}")]:
            c = browser.new_context(viewport={"width": w, "height": 800}, color_scheme=scheme)  # type: ignore
            p = c.new_page(); enter(p, url, cast.ada_user)
            p.goto(f"{url}/w/{cast.acme.pk}/dashboard{path}")
            if name == "es-wide":
                p.locator("[popovertarget=about-open]").click()
            p.wait_for_timeout(400)
            print(name, p.evaluate("document.documentElement.scrollWidth"), w)
            p.screenshot(path=f"/tmp/dash-shots/{name}.png", full_page=True); c.close()
