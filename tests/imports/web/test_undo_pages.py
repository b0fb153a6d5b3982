"""Undoing an import from its pages: the question, the act, what is shown of it."""

from datetime import timedelta

from django.utils import timezone

from contacts.actions import tag_contact, update_contact
from contacts.identifiers import Identifier
from imports.actions import revert_import
from imports.models import ContactImport, State
from tests.factories import Cast
from tests.imports.web.conftest import HTMX, Wizard, body_of, text_of, wizard_of
from workspaces.scope import workspace_scope

LINES = [f"C{number},+3460012{number:04}" for number in range(30)]
THIRTY = "\n".join(["Nombre,Teléfono", *LINES])
FIELDS = ("first_name", "phone")


def reverted(wizard: Wizard) -> ContactImport:
    revert_import(workspace_id=wizard.workspace.pk, import_id=wizard.row().pk, clock=timezone.now)
    return wizard.row()


def touched(cast: Cast, *numbers: int) -> None:
    with workspace_scope(cast.acme.pk):
        for number in numbers:
            one = Identifier.parse(f"phone:+3460012{number:04}")
            tag_contact(actor=cast.ada, contact=one, names=["vip"], at=timezone.now())


def test_the_question_says_its_numbers(cast: Cast, ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "Undo this import" in page
    assert "undoing possible, until" in page
    touched(cast, 0, 1)
    for headers in ({}, HTMX):
        question = text_of(ada.get(f"/{row.pk}/undo", **headers))
        assert "Undo this import?" in question
        assert "28 of 30 added contacts are deleted" in question
        assert "Undo it for 30 contacts" in question
        assert ("<html" in question) is not bool(headers)
    assert ada.row().state == State.COMPLETED


def test_undoing_is_followed_to_its_result_and_stands_in_the_history(cast: Cast, ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    touched(cast, *range(27))
    answer = ada.client.post(ada.address(f"/{row.pk}/undo"), headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, ada.address(f"/{row.pk}/result"))
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "Undoing 30 contacts" in page
    assert "Waiting for its turn" in page
    assert ada.address(f"/{row.pk}/progress?on=running") in page
    assert "Undo this import" not in page
    assert "Being undone" in text_of(ada.get()) or "Undoing 30 contacts" in text_of(ada.get())
    assert reverted(ada).state == State.UNDONE
    live = text_of(ada.get(f"/{row.pk}/progress?on=running", **HTMX))
    assert "The import was undone" in live
    assert "3 of 30 contacts are as before" in live
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "Together 30 contacts, as many as the import wrote." in page
    assert "The contact was changed after the import, so it stays." in page
    assert ada.address(f"/{row.pk}/kept?row=25&amp;line=") in page
    assert "3 of 30 reverted" in text_of(ada.get())
    assert "Undo this import" not in page


def test_the_list_of_what_stayed_is_paged_and_can_be_taken_away(cast: Cast, ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    assert ada.get(f"/{row.pk}/undo.csv").status_code == 404
    assert ada.get(f"/{row.pk}/kept").status_code == 302
    touched(cast, *range(27))
    with workspace_scope(cast.acme.pk):
        formula = Identifier.parse("phone:+34600120000")
        update_contact(actor=cast.ada, contact=formula, values={"first_name": "=1+1"}, at=timezone.now())
    ada.post(f"/{row.pk}/undo")
    row = reverted(ada)
    first = text_of(ada.get(f"/{row.pk}/kept", **HTMX))
    assert first.count("<tr>") == 26
    following = first.split('id="kept-next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text_of(ada.client.get(following, headers=HTMX))
    assert (second.count("<tr>"), "kept-first" in second, "kept-next" in second) == (3, True, False)
    assert "Back to the import" in text_of(ada.client.get(following))
    answer = ada.get(f"/{row.pk}/undo.csv")
    lines = body_of(answer).decode("utf-8-sig").split("\r\n")
    assert answer["Content-Disposition"] == 'attachment; filename="people-undo.csv"'
    assert lines[0] == "Row,Contact ID,Contact,What,Reason,Explanation"
    assert lines[1].startswith("1,")
    assert lines[1].endswith(
        ',\'=1+1,the whole contact,touched_since,"The contact was changed after the import, so it stays."'
    )
    assert len(lines) == 27 + 2


def test_fields_and_tags_are_named_in_the_list(cast: Cast, ada: Wizard) -> None:
    ada.imported("Nombre,Teléfono\nOld,+34600120000\n", fields=FIELDS)
    row = ada.imported("Nombre,Teléfono\nNew,+34600120000\n", fields=FIELDS)
    touched(cast, 0)
    with workspace_scope(cast.acme.pk):
        one = Identifier.parse("phone:+34600120000")
        update_contact(actor=cast.ada, contact=one, values={"first_name": "Mine"}, at=timezone.now())
    ada.post(f"/{row.pk}/undo")
    reverted(ada)
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "First name" in page
    assert "The value was changed after the import, so it stays." in page
    assert "0 of 1 contact is as before" in page


def test_refusals_lead_back_and_say_why(ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    running = ada.uploaded(THIRTY)
    answer = ada.client.post(ada.address(f"/{row.pk}/undo"), follow=True)
    assert "Another import is under way" in text_of(answer)
    ada.post(f"/{running.pk}/cancel")
    assert "Undo this import" not in text_of(ada.get(f"/{running.pk}/result"))
    answer = ada.client.post(ada.address(f"/{running.pk}/undo"), follow=True)
    assert "This import wrote no contact" in text_of(answer)
    with workspace_scope(ada.workspace.pk):
        late = timezone.now() - timedelta(seconds=1)
        ContactImport.objects.in_workspace(ada.workspace.pk).filter(pk=row.pk).update(result_expires_at=late)
    assert "Undo this import" not in text_of(ada.get(f"/{row.pk}/result"))
    assert ada.get(f"/{row.pk}/undo").status_code == 302
    answer = ada.client.post(ada.address(f"/{row.pk}/undo"), follow=True)
    assert "An import can be undone for 7 days" in text_of(answer)


def test_undoing_that_came_to_a_halt_says_so_and_can_be_asked_for_again(ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    ada.change(undo_error_code="imports.attempts_spent", undo_requested_at=timezone.now())
    page = text_of(ada.get(f"/{row.pk}/result"))
    assert "Undoing came to a halt." in page
    assert "Undoing was tried three times" in page
    assert "Undo this import" in page


def test_another_workspace_sees_nothing_of_it(cast: Cast, ada: Wizard) -> None:
    row = ada.imported(THIRTY, fields=FIELDS)
    gus = wizard_of(cast.globex, cast.gus_user)
    for path in ("undo", "kept", "undo.csv"):
        assert gus.get(f"/{row.pk}/{path}").status_code == 404
    assert gus.post(f"/{row.pk}/undo").status_code == 404
    assert ada.row().state == State.COMPLETED


def test_the_activity_of_a_contact_tells_import_and_undoing_with_the_values(cast: Cast, ada: Wizard) -> None:
    ada.imported("Nombre,Teléfono\nOld,+34600120000\n", fields=FIELDS)
    row = ada.imported("Nombre,Teléfono\nNew,+34600120000\n", fields=FIELDS)
    ada.post(f"/{row.pk}/undo")
    reverted(ada)
    with workspace_scope(cast.acme.pk):
        contact_id = row.chunks.get().contact_ids[0]
    page = text_of(ada.client.get(f"/w/{cast.acme.pk}/contacts/{contact_id}"))
    assert f'href="{ada.address(f"/{row.pk}")}">by import {row.pk}</a>' in page
    assert f'href="{ada.address(f"/{row.pk}")}">by undoing import {row.pk}</a>' in page
