from datetime import timedelta
import pytest
from django.utils import timezone
from playwright.sync_api import Page
from contacts.identifiers import Identifier
from contacts import actions as contacts
from inbox import actions
from inbox.models import *
from tests.factories import Cast, browser_of, PASSWORD
from tests.inbox.steps import *
from tests.journeys.conftest import site, complaints
from workspaces.scope import workspace_scope
from workspaces.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS="/tmp/h5b/"

def fill(cast):
    now = timezone.now()
    with workspace_scope(cast.acme.pk):
        ch = a_channel(cast.ada, name="Taller Valencia")
        ch2 = a_channel(cast.ada, name="hola@mareabikes.example", kind="other_email", settings={"address": "hola@mareabikes.example"})
        t = now - timedelta(days=1, hours=3)
        m = hears(cast.ada, ch, "Hello, my Brisa arrived today and it is lovely, but the charger has a UK plug and I live in Valencia. Could you send the right one? Order MB-20418, photo attached.", at=t)
        cid = Identifier.of(m.contact_id)
        actions.assign_contact(actor=cast.max, contact=cid, user_id=cast.ada.user_id, at=t + timedelta(minutes=1))
        actions.add_comment(actor=cast.max, contact=cid, text=f"{{{{@user.{cast.ada.user_id}}}}} we have six EU chargers in the Paterna store. No need to wait for the return, send it first.", at=t + timedelta(minutes=30))
        for i in range(3):
            actions.assign_contact(actor=cast.max, contact=cid, user_id=None, at=t + timedelta(minutes=40+i*2))
            actions.assign_contact(actor=cast.max, contact=cid, user_id=cast.ada.user_id, at=t + timedelta(minutes=41+i*2))
        hears(cast.ada, ch, "Buenos días, soy Cleo, la del cargador. ¿Sabéis algo? Este finde quería salir con la bici", at=now - timedelta(minutes=20))
        r = says(cast.ada, m, "¡Hola, Cleo! Sí: hoy sale un cargador europeo desde Paterna, sin coste. Llega mañana antes de las 14. ¿Habrá alguien en casa?", at=now - timedelta(minutes=15))
        Message.objects.filter(pk=r.pk).update(status="read")
        hears(cast.ada, ch, "Perfecto, mañana estoy en casa de 9 a 14.", at=now - timedelta(minutes=10))
        hears(cast.ada, ch, "¡Gracias!", at=now - timedelta(minutes=9, seconds=30))
        r = says(cast.ada, m, "Apuntado. Te paso el seguimiento en cuanto lo recoja el mensajero.", at=now - timedelta(minutes=5))
        Message.objects.filter(pk=r.pk).update(status="unknown", next_attempt_at=None)
        r = says(cast.ada, m, "Aquí tienes", at=now - timedelta(minutes=4))
        Message.objects.filter(pk=r.pk).update(status="failed", next_attempt_at=None, error_text="the number is not on WhatsApp")
        contacts.tag_contact(actor=cast.ada, contact=cid, names=["Warranty", "VIP"], at=now)
        contacts.update_contact(actor=cast.ada, contact=cid, values={"email": "cleo@example.com", "country": "ES", "language": "es"}, at=now)
        Snippet.objects.create(workspace_id=cast.acme.pk, name="tracking", text="Hola $contact.firstname, aquí tienes el seguimiento: ", created_at=now, updated_at=now)
        hears(cast.ada, ch, "Otra persona", sender="+34600999888", at=now - timedelta(minutes=50))
        Topic.objects.create(workspace_id=cast.acme.pk, name="Delivery", created_at=now)
        ClosingCategory.objects.create(workspace_id=cast.acme.pk, name="Solved", created_at=now)
    return m

def login(page, site, email="ada@example.com"):
    page.goto(site + "/account/login")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("load")

def test_shots(cast: Cast, site: str, page: Page, complaints):
    m = fill(cast)
    logs = []
    page.on("console", lambda l: logs.append(l.text)); page.on("pageerror", lambda e: logs.append("ERR " + str(e)))
    page.on("response", lambda r: logs.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    login(page, site)
    try:
        page.goto(f"{site}/w/{cast.acme.pk}/inbox/c/{m.contact_id}")
        page.wait_for_selector("#thread-messages")
        page.wait_for_timeout(800)
        page.screenshot(path=SHOTS + "1.png")
        page.keyboard.press("r")
        page.wait_for_timeout(200)
        page.keyboard.type("/tra")
        page.wait_for_timeout(800)
        page.screenshot(path=SHOTS + "2.png")
        page.keyboard.press("Enter")
        page.keyboard.type("https://track.example/1 $contact.firstn")
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "3.png")
        page.keyboard.press("Enter")
        page.wait_for_timeout(2600)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(1200)
        page.screenshot(path=SHOTS + "4.png")
        page.keyboard.press("Escape"); page.keyboard.press("n")
        page.wait_for_timeout(200)
        page.keyboard.type("Look @Max")
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "5.png")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(1200)
        page.keyboard.press("Escape"); page.keyboard.press("e")
        page.wait_for_timeout(900)
        page.screenshot(path=SHOTS + "6.png")
        page.keyboard.press("Escape")
        page.emulate_media(color_scheme="dark")
        page.keyboard.press("s")
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "7.png")
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="light")
        page.wait_for_timeout(400)
        page.screenshot(path=SHOTS + "8.png")
        page.set_viewport_size({"width": 1200, "height": 800})
        page.wait_for_timeout(300)
        page.keyboard.press("i")
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "9.png")
    finally:
        print("\n".join(logs))
