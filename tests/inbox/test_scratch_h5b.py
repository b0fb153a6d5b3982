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
    page.on("console", lambda l: logs.append(l.text[:400] + str('') + str(page.evaluate("0") if 0 else ""))); page.on("pageerror", lambda e: logs.append("ERR " + str(e)))
    page.on("response", lambda r: logs.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.add_init_script("""document.addEventListener('securitypolicyviolation', e => console.log('VIOL', e.target?.outerHTML?.slice(0,200), e.sample, new Error().stack));
    const orig = Element.prototype.setAttribute; Element.prototype.setAttribute = function(n, v) { if (n === 'style') console.log('SETSTYLE', this.outerHTML.slice(0,200), JSON.stringify(v)); return orig.call(this, n, v); };""")
    login(page, site)
    cid = m.contact_id
    ring = lambda: (page.evaluate(f"document.dispatchEvent(new CustomEvent('tertulia:changed', {{detail: {{contacts: [{cid}]}}}}))"), page.wait_for_timeout(900))
    try:
        page.goto(f"{site}/w/{cast.acme.pk}/inbox/c/{cid}")
        page.wait_for_selector("#thread-messages")
        page.wait_for_timeout(500)
        page.fill("#composer-text", "Too quick")
        page.press("#composer-text", "Control+Enter")
        page.wait_for_timeout(900)
        page.screenshot(path=SHOTS + "1.png", caret="initial")
        print("STYLED", page.evaluate("[...document.querySelectorAll('[style]')].map(e => e.outerHTML.slice(0,160))"))
        print("N", len([l for l in logs if "inline style" in l]))
        page.keyboard.press("Escape")
        page.keyboard.press("z")
        page.wait_for_timeout(1200)
        page.screenshot(path=SHOTS + "2.png", caret="initial")
        # Somebody else takes over, Cleo writes
        with workspace_scope(cast.acme.pk):
            conv = latest(m)
            actions.take_lock(actor=cast.max, conversation_id=conv.pk, steal=True, at=timezone.now())
            hears(cast.ada, m.channel, "¿Hola?", at=timezone.now())
        ring()
        page.screenshot(path=SHOTS + "3.png", caret="initial")
        page.evaluate("document.querySelector('#thread-messages').scrollTop = 0")
        page.wait_for_timeout(100)
        with workspace_scope(cast.acme.pk):
            hears(cast.ada, m.channel, "Una más", at=timezone.now())
        ring()
        page.screenshot(path=SHOTS + "4.png", caret="initial")
        page.get_by_role("button", name="Take over").click()
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="More actions").click()
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "5.png", caret="initial")
        page.keyboard.press("Escape")
        page.locator("#composer").evaluate("f => f.querySelector('[value=reply]').click()")
        page.fill("#composer-text", "Your mail: $contact.shoe")
        page.press("#composer-text", "Control+Enter")
        page.wait_for_timeout(900)
        page.screenshot(path=SHOTS + "6.png", caret="initial")
        page.set_input_files("[data-attach]", files=[{"name": "note.txt", "mimeType": "text/plain", "buffer": b"Six chargers"}])
        page.wait_for_timeout(800)
        page.select_option("#composer-channel", label="hola@mareabikes.example")
        page.wait_for_timeout(200)
        page.screenshot(path=SHOTS + "7.png", caret="initial")
        from workspaces.models import User
        User.objects.filter(pk=cast.ada_user.pk).update(language="es")
        page.set_viewport_size({"width": 360, "height": 780})
        page.goto(f"{site}/w/{cast.acme.pk}/inbox/c/{cid}")
        page.wait_for_timeout(800)
        page.screenshot(path=SHOTS + "8.png", caret="initial")
        page.keyboard.press("i")
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS + "9.png", caret="initial")
        print("scrollw", page.evaluate("document.documentElement.scrollWidth"))
    finally:
        print("\n".join(logs))
