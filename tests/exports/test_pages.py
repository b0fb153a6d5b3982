"""The pages of data exports: asking for a file, why nobody can, and the history."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from exports.actions import sweep_exports
from exports.catalogue import DATASETS
from exports.models import State
from tests.exports.browsing import a_file, a_row, at, in_workspace, text_of, words_of
from tests.exports.steps import asked, clock, contacts
from tests.factories import NOON, Cast, a_member, browser_of
from tests.inbox.steps import a_channel
from workspaces.models import Organization, User, Workspace
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache", "noon")]

DAYS = {"first": "2026-02-01", "last": "2026-03-02"}
REST = {"time_zone": "UTC", "header_language": "en", "format": "csv"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_owners_and_managers_who_may_export_get_in_and_nobody_else(cast: Cast) -> None:
    restricted, _ = a_member(cast.acme, email="r@example.com", role="manager", restrictions=("restrict_data_export",))
    row = a_row(cast.ada)
    people: dict[User, int] = {cast.ada_user: 200, cast.max_user: 200, cast.ben_user: 403, restricted: 403}
    paths = ["", "/button", f"/{row.pk}", f"/{row.pk}/progress"]
    for person, status in people.items():
        client = browser_of(person)
        assert [client.get(at(cast, path)).status_code for path in paths] == [status] * 4, person
    for person in (cast.ben_user, restricted):
        client = browser_of(person)
        assert client.post(at(cast), {"dataset": "contacts", **REST}).status_code == 403
        assert client.post(at(cast, f"/{row.pk}/cancel")).status_code == 403
        assert client.get(at(cast, f"/{row.pk}/download")).status_code == 403
    assert len(in_workspace(cast)) == 1


def test_a_plan_without_exports_says_so_and_takes_no_request(cast: Cast, ada: Client) -> None:
    Organization.objects.update(may_export_data=False)
    page = ada.get(at(cast))
    assert (page.status_code, "does not include data exports" in text_of(page)) == (200, True)
    refused = ada.post(at(cast), {"dataset": "contacts", **REST})
    assert refused.status_code == 422
    assert "The plan of this organisation does not include data exports." in text_of(refused)
    assert in_workspace(cast) == []


@pytest.mark.parametrize("key", list(DATASETS))
def test_every_data_set_has_its_form_its_columns_and_an_estimate(cast: Cast, ada: Client, key: str) -> None:
    with workspace_scope(cast.acme.pk):
        a_channel(cast.ada)
    dataset = DATASETS[key]
    answer = ada.get(at(cast, f"?dataset={key}"))
    html, words = answer.content.decode(), text_of(answer)
    assert f'name="dataset" value="{key}"' in html
    assert str(dataset.title) in words
    assert ('name="first"' in html) is dataset.needs_range
    assert ("The range" in words or "Whole days" in words) is dataset.needs_range
    offered = [name for name in dataset.filters if f'name="{name.value}"' in html]
    assert set(dataset.filters) - set(offered) <= {"contact_tags", "broadcasts", "teams"}  # there are none to choose
    columns = html.split('id="export-columns"')[1]
    assert all(column.header in columns.replace("&amp;", "&") for column in dataset.columns)
    meaning = text_of(ada.get(at(cast, f"?dataset={key}&show=meaning")))
    assert all(str(column.meaning)[:30].split("“")[0].split("'")[0] in meaning for column in dataset.columns)
    button = ada.get(at(cast, "/button"), {"dataset": key, **REST, **(DAYS if dataset.needs_range else {})})
    assert re.search(r"Export about [\d,]+ rows?", text_of(button))
    answer = ada.post(at(cast), {"dataset": key, **REST, **(DAYS if dataset.needs_range else {})})
    assert (answer.status_code, answer.headers["Location"]) == (302, at(cast, f"?dataset={key}"))
    assert [row.dataset for row in in_workspace(cast)] == [key]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("id_first", {"first": ""}),
        ("id_first", {"first": "yesterday"}),
        ("id_first", {"first": "2025-03-01", "last": "2025-03-05"}),
        ("id_last", {"last": ""}),
        ("id_last", {"last": "2026-03-03"}),
        ("id_last", {"first": "2026-03-01", "last": "2026-02-01"}),
        ("id_time_zone", {"time_zone": "Mars/Base"}),
        ("id_format", {"format": "pdf"}),
        ("id_header_language", {"header_language": "fr"}),
        ("id_flows", {"flows": ["up"]}),
        ("id_channels", {"channels": ["123456"]}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    cast: Cast, ada: Client, field: str, typed: dict[str, Any]
) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
    body = {"dataset": "messages", **DAYS, **REST, "is_gzipped": "on", "channels": [str(channel.pk)], **typed}
    answer = ada.post(at(cast), body)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "One field needs another look." in html
    assert f'href="#{field}' in html
    assert re.search(r'name="is_gzipped"[^>]*checked', html)
    assert f'value="{typed.get("last", DAYS["last"])}"' in html
    if "channels" not in typed:
        assert re.search(rf'name="channels" value="{channel.pk}"[^>]*checked', html)
        assert re.search(r'<details class="export-filters"\s+open>', html)
    assert in_workspace(cast) == []


def test_a_request_takes_over_every_choice(cast: Cast, ada: Client) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
    body = {"dataset": "messages", **DAYS, "time_zone": "America/Lima", "header_language": "es", "format": "csv"}
    more = {"for_excel": "on", "is_gzipped": "on", "channels": [str(channel.pk)], "flows": ["incoming"]}
    assert ada.post(at(cast), body | more).status_code == 302
    (row,) = in_workspace(cast)
    assert (row.time_zone, row.header_language, row.for_excel, row.is_gzipped) == ("America/Lima", "es", True, True)
    assert row.filters == {"channels": [channel.pk], "flows": ["incoming"]}
    assert row.range_from is not None
    assert (str(row.from_day), str(row.to_day), row.range_from.hour) == ("2026-02-01", "2026-03-02", 5)
    again = ada.get(at(cast, f"?again={row.pk}")).content.decode()
    for part in (
        'value="2026-02-01"', 'value="America/Lima" selected', 'value="es" selected', 'value="incoming"[^>]*checked',
        'name="for_excel"[^>]*checked', 'name="is_gzipped"[^>]*checked',
    ):  # fmt: skip
        assert re.search(part, again), part


def test_one_at_a_time_the_page_says_which_and_whose(cast: Cast, ada: Client) -> None:
    row = asked(cast.max, dataset="users")
    page = ada.get(at(cast))
    assert f'hx-get="{at(cast, f"/{row.pk}/progress")}"' in page.content.decode()
    assert "One export at a time: Users is being made, asked for by Max Marín." in text_of(page)
    assert re.search(
        r'<button type="button"[^>]*aria-disabled="true"\s+aria-describedby="export-why"', page.content.decode()
    )
    assert "One export at a time" in text_of(ada.get(at(cast, "/button"), {"dataset": "contacts", **REST}))
    refused = ada.post(at(cast), {"dataset": "messages", **DAYS, **REST})
    assert refused.status_code == 409
    assert "Another export is under way: Max Marín asked for “Users” at" in text_of(refused)
    assert 'value="2026-02-01"' in refused.content.decode()
    assert len(in_workspace(cast)) == 1


def test_after_one_that_took_too_long_the_page_says_until_when(cast: Cast, ada: Client, noon: Any) -> None:
    row = asked(cast.ada, dataset="messages", from_day=NOON.date(), to_day=NOON.date())
    noon.move_to(NOON + timedelta(minutes=15))
    sweep_exports(clock=clock(NOON + timedelta(minutes=15)))
    page = text_of(ada.get(at(cast)))
    assert "The next one can be asked for at 12:30." in page
    assert "Discarded after 15 min" in page
    assert "Choose a shorter range" in page
    assert ada.post(at(cast), {"dataset": "contacts", **REST}).status_code == 409
    assert "It took longer than 15 minutes." in text_of(ada.get(at(cast, f"/{row.pk}")))
    noon.move_to(NOON + timedelta(minutes=30))
    assert ada.post(at(cast), {"dataset": "contacts", **REST}).status_code == 302


def test_the_button_asks_without_the_forms_secret_and_says_how_many_rows(cast: Cast, ada: Client) -> None:
    page = ada.get(at(cast, "?dataset=contacts")).content.decode()
    assert 'hx-params="not csrfmiddlewaretoken"' in page
    contacts(cast.ada, "Cleo")
    button = ada.get(at(cast, "/button"), {"dataset": "contacts", **REST})
    assert "Export about" in text_of(button)
    half = ada.get(at(cast, "/button"), {"dataset": "messages", **REST})
    assert (half.status_code, text_of(half).strip()) == (200, "Export")


def test_contacts_chosen_elsewhere_come_along_and_nothing_unreadable_becomes_everybody(cast: Cast, ada: Client) -> None:
    contacts(cast.ada, "Cleo", "José")
    chosen = '{"all": true, "search": "José"}'
    page = ada.get(at(cast), {"dataset": "contacts", "contacts": chosen})
    assert "Only the contacts that you chose on the contacts page." in text_of(page)
    assert "&quot;José&quot;" in page.content.decode()
    assert "you chose" not in text_of(ada.get(at(cast), {"dataset": "users", "contacts": chosen}))
    for broken in ("{", "[1]", '{"ids": "all"}'):
        answer = ada.post(at(cast), {"dataset": "contacts", **REST, "contacts": broken})
        assert answer.status_code == 422, broken
        said = words_of(answer.content.decode().split('class="errors"')[1].split("</div>")[0])
        assert said.strip(" >").endswith("."), broken
        assert "field needs" not in said, broken
    assert in_workspace(cast) == []
    assert ada.post(at(cast), {"dataset": "contacts", **REST, "contacts": chosen}).status_code == 302
    (row,) = in_workspace(cast)
    assert row.chosen_contacts == {"all": True, "search": "José"}
    again = ada.get(at(cast, f"?again={row.pk}"))
    assert "you chose" in text_of(again)


def test_again_is_an_export_of_this_workspace(cast: Cast, ada: Client) -> None:
    foreign = a_row(cast.gus)
    assert ada.get(at(cast, f"?again={foreign.pk}")).status_code == 404
    assert ada.get(at(cast, f"?again={2**80}")).status_code == 200
    assert ada.get(at(cast, "?again=x&dataset=nothing&before=y")).status_code == 200


def test_the_history_shows_each_state_and_what_can_be_done(cast: Cast, ada: Client) -> None:
    ready = a_file(cast.ada)
    over = a_file(cast.ada, expires_at=NOON)
    failed = a_row(cast.ada, state=State.FAILED, error_code="exports.storage_failed")
    late = a_row(cast.ada, state=State.DISCARDED, error_code="exports.too_long", not_before=NOON)
    cancelled = a_row(cast.ada)
    running = a_row(cast.ada, state=State.RUNNING, started_at=NOON)
    lines = ada.get(at(cast, "?part=history")).content.decode().split("<tbody>")[1].split("</tr>")
    said = [(words_of(line), line) for line in lines[:6]]
    told = dict(zip((running, cancelled, late, failed, over, ready), said, strict=True))
    for row, state, act in (
        (running, "Running", "Follow it"),
        (cancelled, "Cancelled", "Ask again"),
        (late, "Discarded after 15 min", "Choose a shorter range"),
        (failed, "Failed", "Try again"),
        (over, "Expired", "Ask again"),
        (ready, "Completed", "Download"),
    ):
        words, html = told[row]
        assert state in words, row.state
        assert act in words, row.state
        assert at(cast, f"/{row.pk}") in html
    assert "12,345" in told[ready][0]
    assert at(cast, f"/{ready.pk}/download") in told[ready][1]
    assert "/download" not in told[over][1]


def test_the_history_is_paged_and_may_be_ones_own(cast: Cast, ada: Client) -> None:
    assert "No exports yet" in text_of(ada.get(at(cast)))
    rows = [a_row(cast.max if number % 5 == 0 else cast.ada) for number in range(43)]
    numbers = [row.pk for row in reversed(rows)]
    seen: list[int] = []
    address: str | None = at(cast)
    while address:
        page = ada.get(address).content.decode()
        seen += [int(number) for number in re.findall(r'href="[^"]*/exports/(\d+)" data-row-link', page)]
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert seen == numbers
    assert "Newest exports" in page
    mine = browser_of(cast.max_user).get(at(cast, "?who=mine")).content.decode()
    assert len(re.findall("data-row-link", mine)) == 9
    assert "part=history&amp;who=mine" in mine


def test_today_is_the_workspaces(cast: Cast, ada: Client) -> None:
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(time_zone="Pacific/Kiritimati")  # 02:00 of the next day
    page = ada.get(at(cast, "?dataset=messages"))
    assert "no further back than 3 Mar 2025." in text_of(page)
    html = page.content.decode()
    assert 'min="2025-03-03" max="2026-03-03"' in html
    assert 'value="2026-02-02"' in html
    assert re.search(r'<option value="Pacific/Kiritimati" selected', html)
    body = {
        "dataset": "messages",
        "first": "2025-03-03",
        "last": "2026-03-02",
        "header_language": "en",
        "format": "csv",
    }
    assert ada.post(at(cast), {**body, "time_zone": "Pacific/Kiritimati"}).status_code == 302


def test_days_are_written_as_browsers_read_them_in_every_language(cast: Cast) -> None:
    cast.ada_user.language = "es"
    cast.ada_user.save()
    client = browser_of(cast.ada_user)
    html = client.get(at(cast, "?dataset=messages")).content.decode()
    assert 'value="2026-02-01"' in html
    assert 'value="2026-03-02"' in html
    button = client.get(at(cast, "/button"), {"dataset": "messages", **DAYS, **REST})
    assert re.search(r"Exportar aproximadamente \d+ fila", text_of(button))


def test_choices_outlive_another_data_set_and_a_link_chooses_a_range(cast: Cast) -> None:
    page = browser_of(cast.ada_user)
    address = f"/w/{cast.acme.pk}/settings/exports"
    asked = page.get(
        f"{address}?dataset=messages&first=2026-11-03&last=2026-11-04&time_zone=Asia/Kolkata&format=parquet"
    )
    words = asked.content.decode()
    assert 'value="2026-11-03"' in words
    assert 'value="2026-11-04"' in words
    assert '<option value="Asia/Kolkata" selected>' in words
    assert '<option value="parquet" selected>' in words
    assert page.get(f"{address}?dataset=messages&first=nonsense").status_code == 200


def test_a_link_of_a_report_chooses_the_filters_that_the_data_set_has(cast: Cast) -> None:
    page = browser_of(cast.ada_user)
    address = f"/w/{cast.acme.pk}/settings/exports"
    words = page.get(f"{address}?dataset=messages&sender_types=user,broadcast&closed_users=7").content.decode()
    chosen = re.findall(r'name="sender_types" value="(\w+)"[^>]* checked', words)
    assert chosen == ["user", "broadcast"]
    assert 'name="closed_users"' not in words
