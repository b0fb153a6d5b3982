"""The settings page of virtual agents."""

import pytest
from django.test import Client

from inbox.models import VirtualAgent
from tests.factories import Cast, browser_of
from tests.inbox.steps import a_channel
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_one_is_added_changed_switched_and_deleted(cast: Cast, ada: Client) -> None:
    where = f"/w/{cast.acme.pk}/settings/virtual-agents"
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        gone = a_channel(cast.ada, name="Old line", state="disconnected")
    assert "No virtual agents yet" in ada.get(where).content.decode()
    form = {"name": "Robo", "kind": "virtual_agent", "channel_ids": [channel.pk], "timeout_minutes": "15"}
    offered = ada.get(f"{where}/new", headers=HTMX).content.decode()
    assert ("Shop line" in offered, "Old line" in offered) == (True, False)
    assert ada.post(f"{where}/new", {**form, "channel_ids": [gone.pk]}, headers=HTMX).status_code == 422
    assert ada.post(f"{where}/new", form, headers=HTMX)["HX-Redirect"] == where
    second = ada.post(f"{where}/new", {**form, "name": "Second"}, headers=HTMX)
    assert (second.status_code, "Robo takes what starts on Shop line already" in second.content.decode()) == (422, True)
    with workspace_scope(cast.acme.pk):
        row = VirtualAgent.objects.get()
    listed = ada.get(where).content.decode()
    assert all(words in listed for words in ("Robo", f"<td>{row.pk}</td>", "Virtual agent", "Shop line"))
    shown = ada.get(f"{where}/{row.pk}", headers=HTMX).content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    changed = {"name": "Robot", "channel_ids": [channel.pk], "timeout_minutes": "20", "seen": seen}
    assert ada.post(f"{where}/{row.pk}", changed, headers=HTMX)["HX-Redirect"] == where
    stale = ada.post(f"{where}/{row.pk}", {**changed, "timeout_minutes": "30"}, headers=HTMX)
    assert (stale.status_code, "Someone changed this meanwhile" in stale.content.decode()) == (422, True)
    ada.post(f"{where}/{row.pk}/switch", {"is_on": "0"})
    with workspace_scope(cast.acme.pk):
        row.refresh_from_db()
        assert (row.name, row.timeout_minutes, row.is_on, row.kind) == ("Robot", 20, False, "virtual_agent")
    assert "goes to people" in ada.get(f"{where}/{row.pk}/delete", headers=HTMX).content.decode()
    assert ada.post(f"{where}/{row.pk}/delete", headers=HTMX)["HX-Redirect"] == where
    assert ada.get(f"{where}/{row.pk}").status_code == 404
    with workspace_scope(cast.acme.pk):
        row.refresh_from_db()
        assert row.deleted_at is not None


def test_who_may(cast: Cast) -> None:
    for user, status in ((cast.ada_user, 200), (cast.max_user, 200), (cast.ben_user, 403)):
        assert browser_of(user).get(f"/w/{cast.acme.pk}/settings/virtual-agents").status_code == status
