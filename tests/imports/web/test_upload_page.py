"""Step 1: what is taken in, what is refused, and that a workspace runs one import at a time."""

import pytest

from contacts.actions import add_contact_field
from imports.models import State
from tests.factories import NOON, Cast
from tests.imports.web.conftest import PEOPLE, Wizard, text_of, wizard_of
from workspaces.scope import workspace_scope

MANY_COLUMNS = ",".join(f"c{number}" for number in range(201))


def test_the_page_proposes_a_tag_and_says_the_limits(ada: Wizard) -> None:
    page = text_of(ada.get("/new"))
    assert "<option selected>import-" in page
    assert "Smaller than 20 MB, up to 200,000 rows" in page
    assert page.count('name="purpose"') == 4
    assert page.count('name="identifier"') == 3


def test_what_was_chosen_is_kept_with_the_import(ada: Wizard) -> None:
    row = ada.uploaded(purpose="update_existing", identifier="email", matching="normalized", tags=["Spring", "vip"])
    assert (row.purpose, row.identifier, row.matching) == ("update_existing", "email", "normalized")
    assert row.tags == ["Spring", "vip"]
    assert row.file_name == "people.csv"


def test_every_row_as_new_needs_no_identifier(ada: Wizard) -> None:
    assert ada.uploaded(purpose="add_all", identifier="phone").identifier == ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file has no rows."),
        (b"Name,Phone\n", "The file has no rows."),
        (b"PK\x03\x04rest of a spreadsheet", "This is not a CSV file."),
        (b"Name,Name\nCleo,1\n", "Two columns are called “Name”."),
        (b"Name,\nCleo,1\n", "Column 2 has no name."),
        (b'Name,Phone\n"Cleo,1\n', "A quote that opens on line 2 is never closed."),
        (b"Name,Phone\nCle\x00o,1\n", "The file has NUL characters"),
        (f"{MANY_COLUMNS}\n{MANY_COLUMNS}\n".encode(), "more than 200 columns"),
        (b"Name,Phone\n" + b"Cleo,1\n" * 200_001, "more than 200,000 rows"),
        (b"Name,Phone\n" + b"x" * (20 * 1024 * 1024), "smaller than 20 MB"),
    ],
    ids=["empty", "header", "zip", "twice", "nameless", "quote", "nul", "columns", "rows", "size"],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_and_leaves_nothing(
    ada: Wizard, content: bytes, sentence: str
) -> None:
    answer = ada.upload(content, tags=["Spring"])
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "<option selected>Spring</option>" in page
    assert "No imports yet" in text_of(ada.get())


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"purpose": ""}, "This field is required."),
        ({"purpose": "everything"}, "Select a valid choice."),
        ({"identifier": ""}, "Choose how a contact is found."),
        ({"identifier": "contact_id"}, "New people have no contact ID yet."),
        ({"tags": ["x" * 300]}, "A tag&#x27;s name has 1 to"),
        ({"encoding": "ebcdic"}, "Select a valid choice."),
    ],
)
def test_a_choice_that_does_not_fit_comes_back(ada: Wizard, chosen: dict[str, object], sentence: str) -> None:
    answer = ada.upload(**chosen)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_form_without_a_file_asks_for_one(ada: Wizard) -> None:
    answer = ada.post("/new", {"purpose": "add_all"})
    assert answer.status_code == 422
    assert "Choose a CSV file." in text_of(answer)


def test_a_second_import_is_told_who_started_the_first_and_when(ada: Wizard, cast: Cast) -> None:
    row = ada.uploaded()
    other = wizard_of(cast.acme, cast.max_user)
    seen, sent = other.get("/new"), other.upload(name="second.csv")
    assert (seen.status_code, sent.status_code) == (200, 409)
    for page in (text_of(seen), text_of(sent)):
        assert "Ada Ferrer started the import of people.csv on" in page
        assert ada.address(f"/{row.pk}/map") in page
    assert "Nothing of your file was kept." in text_of(sent)
    assert ada.row().pk == row.pk


def test_a_corrected_file_takes_the_place_and_the_mapping(ada: Wizard) -> None:
    old = ada.reviewed(fields=("last_name", "phone", "", "first_name"))
    page = text_of(ada.get(f"/new?instead_of={old.pk}"))
    assert "The new file takes the place of <b>people.csv</b>" in page
    answer = ada.upload(PEOPLE.replace("96-CALL-ME", "+34600123457"), to=f"/new?instead_of={old.pk}")
    new = ada.row()
    assert answer["Location"] == ada.address(f"/{new.pk}/map?like={old.pk}")
    assert '<option value="last_name" selected>' in text_of(ada.client.get(answer["Location"]))
    with workspace_scope(ada.workspace.pk):
        old.refresh_from_db()
    assert (old.state, new.state) == (State.CANCELLED, State.MAPPING)


def test_a_corrected_file_that_cannot_be_read_costs_nothing(ada: Wizard) -> None:
    old = ada.reviewed()
    answer = ada.upload(b"PK\x03\x04", to=f"/new?instead_of={old.pk}")
    assert answer.status_code == 422
    assert ada.row().pk == old.pk
    assert ada.row().state == State.REVIEW


def test_the_sample_file_can_be_imported_as_it_is(ada: Wizard, cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        add_contact_field(actor=cast.ada, name="Bike model", kind="list", allowed_values=("Brisa",), at=NOON)
        add_contact_field(actor=cast.ada, name="Since", kind="date", at=NOON)
    answer = ada.get("/sample")
    assert answer["Content-Disposition"] == 'attachment; filename="sample-contacts.csv"'
    row = ada.uploaded(answer.content)
    fields = [column["field"] for column in row.columns]
    assert fields == ["first_name", "last_name", "phone", "email", "country", "language", "tags", "bike_model", "since"]
    ada.map(row, *fields)
    ada.check()
    assert (ada.row().to_add, ada.row().with_errors) == (2, 0)
