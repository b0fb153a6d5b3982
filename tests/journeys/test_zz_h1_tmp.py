import pytest
from tests.workspaces.test_hook_pages import *  # noqa
from tests.factories import browser_of
pytestmark = [pytest.mark.django_db(transaction=True)]

for _n in [n for n in dir() if n.startswith("test_")]:
    del globals()[_n]

def test_pic(cast, sink, site, page, complaints):
    client = browser_of(cast.ada_user)
    hook = a_hook(cast, sink)
    told(cast, hook, "One")
    sink.status = 500; sink.body=b'{"error": "nope"}'
    told(cast, hook, "Two")
    row = told(cast, hook, "Three")
    name = next(iter(client.cookies))
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    for i,u in enumerate([to("hooks",cast), to("hook_new",cast), to("hook",cast,hook.pk), to("hook_delivery",cast,hook.pk,row.pk)]):
        page.goto(site+u); page.screenshot(path=f"/tmp/h1po/p{i}.png", full_page=True)
    page.set_viewport_size({"width":360,"height":800})
    for i,u in enumerate([to("hook_new",cast), to("hook",cast,hook.pk)]):
        page.goto(site+u); page.screenshot(path=f"/tmp/h1po/m{i}.png", full_page=True)
        print("overflow", page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size({"width":1440,"height":900})
    page.goto(site+to("hook",cast,hook.pk))
    page.click("text=Send again"); page.wait_for_selector("#dialog-title"); page.wait_for_timeout(300); page.screenshot(path="/tmp/h1po/d.png")
    page.goto(site+to("hook",cast,hook.pk))
    page.click("text=New signing key"); page.wait_for_selector("#dialog-title"); page.click("text=Make a new key"); page.wait_for_selector("#hook-key"); page.screenshot(path="/tmp/h1po/k.png")
