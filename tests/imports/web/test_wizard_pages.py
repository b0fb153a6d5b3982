"""The four steps, as a person walks through them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from imports.models import State
from tests.factories import Cast
from tests.imports.web.conftest import HTMX, Wizard, text_of, wizard_of
from workspaces.models import Workspace
from workspaces.scope import workspace_scope


def test_an_empty_workspace_is_told_how_to_begin(ada: Wizard) -> None:
    page = text_of(ada.get())
    assert "No imports yet" in page
    assert ada.address("/new") in page
    assert ada.address("/sample") in page


def test_an_upload_leads_to_the_mapping_with_what_was_recognised(ada: Wizard) -> None:
    answer = ada.upload()
    row = ada.row()
    assert answer["Location"] == ada.address(f"/{row.pk}/map")
    page = text_of(ada.get(f"/{row.pk}/map"))
    assert '<option value="first_name" selected data-suggested>' in page
    assert "3 recognised by their names" in page
    assert "96-CALL-ME" in page
    assert "Check 2 rows" in page


def test_the_review_says_what_would_happen_and_its_counts_add_up(ada: Wizard) -> None:
    row = ada.reviewed()
    assert row.state == State.REVIEW
    page = text_of(ada.get(f"/{row.pk}/review"))
    assert "2 rows checked" in page
    assert "Import 1 contact<" in page
    assert "invalid_phone" in page
    assert "Download the row" in page
    assert "3 mapped, 1 left out" in page


def test_a_plan_without_anything_to_write_has_no_way_on_and_says_why(ada: Wizard) -> None:
    row = ada.reviewed("Nombre,Teléfono\nCleo,96-CALL-ME\n", fields=("first_name", "phone"))
    page = text_of(ada.get(f"/{row.pk}/review"))
    assert 'aria-disabled="true" aria-describedby="why-not">Nothing to import' in page
    assert "Every row has an error." in page
    assert ada.address(f"/{row.pk}/commit") not in page


def test_the_result_has_the_counts_of_the_row_and_the_file(ada: Wizard) -> None:
    row = ada.imported()
    assert (row.state, row.imported, row.failed) == (State.COMPLETED, 1, 1)
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "1 contact imported" in page
    assert "Together 2 rows, as many as the file has." in page
    assert ada.address(f"/{row.pk}/result.csv") in page
    listed = text_of(ada.get())
    assert "people.csv" in listed
    assert "Completed" in listed
    assert "Download the result of people.csv" in listed


def test_going_back_to_the_mapping_keeps_it(ada: Wizard) -> None:
    row = ada.reviewed(fields=("first_name", "phone", "", ""))
    page = text_of(ada.get(f"/{row.pk}/map"))
    assert page.count("selected data-suggested") == 2
    assert ada.row().state == State.REVIEW
    ada.map(row, "first_name", "phone", "email", "")
    assert ada.row().state == State.VALIDATING
    ada.post(f"/{row.pk}/back")
    assert ada.row().state == State.MAPPING
    assert [column["field"] for column in ada.row().columns] == ["first_name", "phone", "email", None]


def test_a_new_field_is_made_while_mapping(ada: Wizard) -> None:
    row = ada.uploaded()
    extra = {"new-name-3": "City", "new-kind-3": "text"}
    assert ada.map(row, "first_name", "phone", "email", "+new", **extra).status_code == 302
    assert ada.row().columns[3]["field"] == "city"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("", "", "", ""), "No column is mapped."),
        (("first_name", "phone", "phone", ""), "is mapped twice"),
        (("", "phone", "", ""), "New contacts need a name."),
        (("first_name", "", "email", ""), "Contacts are found by"),
        (("first_name", "phone", "email", "+new"), "Give the new field a name."),
        (("first_name", "phone", "email", "no_such_field"), "There is no field"),
    ],
)
def test_a_mapping_that_breaks_a_rule_comes_back_with_what_was_chosen(
    ada: Wizard, fields: tuple[str, ...], sentence: str
) -> None:
    row = ada.uploaded()
    answer = ada.map(row, *fields, tags="spring")
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "<option selected>spring</option>" in page
    assert ada.row().state == State.MAPPING


def test_the_error_is_said_at_its_column(ada: Wizard) -> None:
    row = ada.uploaded()
    page = text_of(ada.map(row, "first_name", "phone", "phone", ""))
    assert 'aria-invalid="true" aria-describedby="error-2"' in page
    assert 'href="#field-2"' in page


def test_the_file_is_read_again_with_another_delimiter(ada: Wizard) -> None:
    row = ada.uploaded("Nombre;Teléfono,x\nCleo;+34600123456,1\n", delimiter="comma")
    assert row.header == ["Nombre;Teléfono", "x"]
    answer = ada.post(f"/{row.pk}/read", {"encoding": "utf-8", "delimiter": "semicolon"})
    assert answer["Location"] == ada.address(f"/{row.pk}/map")
    assert ada.row().header == ["Nombre", "Teléfono,x"]
    refused = ada.post(f"/{row.pk}/read", {"encoding": "utf-16", "delimiter": ""})
    assert refused.status_code == 422
    assert ada.row().header == ["Nombre", "Teléfono,x"]


def test_rows_of_one_error_are_shown_in_the_page_and_on_a_page_of_their_own(ada: Wizard) -> None:
    row = ada.reviewed()
    whole = text_of(ada.get(f"/{row.pk}/rows?code=invalid_phone"))
    part = text_of(ada.get(f"/{row.pk}/rows?code=invalid_phone", **HTMX))
    assert "<html" in whole
    assert part.startswith('<div class="error-rows"')
    assert "96-CALL-ME" in part
    assert "No rows with this error." in text_of(ada.get(f"/{row.pk}/rows?code=none", **HTMX))


def test_progress_goes_on_to_the_next_step_by_itself(ada: Wizard) -> None:
    row = ada.uploaded()
    ada.map(row, "first_name", "phone", "email", "")
    assert 'hx-trigger="every 1s"' in text_of(ada.get(f"/{row.pk}/checking"))
    assert 'hx-trigger="every 1s"' in text_of(ada.get(f"/{row.pk}/progress?on=checking", **HTMX))
    assert 'hx-trigger="every 1s"' in text_of(ada.get())
    ada.check()
    checked = ada.get(f"/{row.pk}/progress?on=checking", **HTMX)
    assert checked["HX-Redirect"] == ada.address(f"/{row.pk}/review")
    assert ada.get(f"/{row.pk}/progress?on=list", **HTMX)["HX-Refresh"] == "true"
    ada.commit(ada.row())
    assert 'hx-trigger="every 1s"' in text_of(ada.get(f"/{row.pk}/progress?on=running", **HTMX))
    ada.write()
    done = ada.get(f"/{row.pk}/progress?on=running", **HTMX)
    assert "hx-trigger" not in text_of(done)
    assert done["HX-Replace-Url"] == ada.address(f"/{row.pk}/result")


def test_addresses_of_other_steps_lead_to_where_the_import_is(ada: Wizard) -> None:
    row = ada.uploaded()
    steps = ("map", "checking", "review", "running", "result", "progress", "rows")

    def elsewhere(here: str) -> None:
        assert ada.get(f"/{row.pk}")["Location"] == ada.address(f"/{row.pk}/{here}")
        for step in steps:
            answer = ada.get(f"/{row.pk}/{step}")
            if answer.status_code == 302:
                assert answer["Location"] == ada.address(f"/{row.pk}/{here}"), step
            else:
                assert answer.status_code == 200
                assert step == here or (here == "review" and step in {"map", "rows"}), step

    elsewhere("map")
    ada.map(row, "first_name", "phone", "email", "")
    elsewhere("checking")
    ada.check()
    elsewhere("review")
    ada.commit(ada.row())
    elsewhere("running")
    ada.write()
    elsewhere("result")


def test_an_old_review_cannot_be_committed_after_a_new_one(ada: Wizard) -> None:
    old = ada.reviewed()
    ada.map(old, "first_name", "phone", "", "")
    ada.check()
    answer = ada.commit(old)
    assert answer["Location"] == ada.address(f"/{old.pk}/review")
    assert ada.row().state == State.REVIEW
    assert "checked again meanwhile" in text_of(ada.get(f"/{old.pk}/review"))


def test_cancelling_says_what_was_written(ada: Wizard) -> None:
    row = ada.reviewed()
    assert ada.post(f"/{row.pk}/cancel")["Location"] == ada.address(f"/{row.pk}/result")
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "The import was cancelled" in page
    assert "Nothing was written." in page
    assert ada.post(f"/{row.pk}/cancel").status_code == 302
    assert "Start again" in text_of(ada.get())


def test_the_history_is_paged_and_a_line_costs_no_query(
    ada: Wizard, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def upload_and_cancel(times: int) -> None:
        for _time in range(times):
            ada.post(f"/{ada.uploaded().pk}/cancel")

    upload_and_cancel(1)
    ada.get()
    with CaptureQueriesContext(connection) as one:
        ada.get()
    queries = len(one)
    upload_and_cancel(20)
    with django_assert_num_queries(queries):
        page = text_of(ada.get())
    assert page.count("people.csv</a>") == 20
    older = ada.row().pk - 19
    assert f"{ada.address()}?before={older}" in page
    rest = text_of(ada.get(f"?before={older}"))
    assert rest.count("people.csv</a>") == 1
    assert "Newest imports" in rest
    assert "No older imports" in text_of(ada.get("?before=1"))


def test_an_import_that_expired_or_failed_says_so(ada: Wizard) -> None:
    row = ada.reviewed()
    ada.change(state=State.EXPIRED, review_expires_at=None)
    assert "Nobody went on within an hour" in text_of(ada.get(f"/{row.pk}/result"))
    ada.change(state=State.FAILED, error_code="imports.file_lost")
    assert "The uploaded file is gone." in text_of(ada.get(f"/{row.pk}/result"))


def test_times_are_in_the_workspace_zone(ada: Wizard, cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(time_zone="Asia/Tokyo")
    row = ada.uploaded()
    assert f'datetime="{row.requested_at:%Y}' in text_of(ada.get(f"/{row.pk}/map"))
    assert "+09:00" in text_of(ada.get(f"/{row.pk}/map"))


def test_an_agent_has_no_imports_and_a_stranger_has_no_workspace(ada: Wizard, cast: Cast) -> None:
    row = ada.reviewed()
    reading = ["", "/new", "/sample", f"/{row.pk}", f"/{row.pk}/result.csv", f"/{row.pk}/errors.csv"]
    reading += [f"/{row.pk}/{step}" for step in ("map", "checking", "review", "running", "result", "progress", "rows")]
    writing = [f"/{row.pk}/{act}" for act in ("map", "read", "back", "commit", "cancel")]
    for user, status in ((cast.ben_user, 403), (cast.gus_user, 404)):
        other = wizard_of(cast.acme, user)
        assert {path: other.get(path).status_code for path in reading} == dict.fromkeys(reading, status)
        assert {path: other.post(path).status_code for path in writing} == dict.fromkeys(writing, status)
        assert other.upload().status_code == status
    foreign = wizard_of(cast.globex, cast.gus_user)
    assert {foreign.get(f"/{row.pk}/{step}").status_code for step in ("review", "errors.csv", "result")} == {404}
    assert foreign.post(f"/{row.pk}/cancel").status_code == 404
    assert wizard_of(cast.acme, cast.max_user).get(f"/{row.pk}/review").status_code == 200
