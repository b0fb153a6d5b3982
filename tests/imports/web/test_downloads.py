"""The files to take away: who gets them, and until when."""

from datetime import timedelta

from django.utils import timezone

from tests.factories import Cast
from tests.imports.web.conftest import Wizard, body_of, text_of, wizard_of


def test_the_error_file_has_the_rows_with_errors_and_what_is_wrong(ada: Wizard) -> None:
    row = ada.reviewed()
    answer = ada.get(f"/{row.pk}/errors.csv")
    lines = body_of(answer).decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"] == 'attachment; filename="people-errors.csv"'
    assert lines[0] == "Nombre,Teléfono,Correo,Ciudad,Error"
    assert lines[1].startswith("Tomás,96-CALL-ME,tomas@example.com,,")
    assert len(lines) == 2


def test_the_result_file_has_every_row_with_its_outcome(ada: Wizard) -> None:
    row = ada.imported()
    answer = ada.get(f"/{row.pk}/result.csv")
    lines = body_of(answer).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="people-result.csv"'
    assert lines[0] == "Nombre,Teléfono,Correo,Ciudad,Import Status,Errors"
    assert lines[1] == "Cleo,+34600123456,cleo@example.com,Vigo,Imported,"
    assert lines[2].startswith("Tomás,96-CALL-ME,tomas@example.com,,Error,")


def test_there_is_no_result_before_the_import(ada: Wizard) -> None:
    row = ada.reviewed()
    assert ada.get(f"/{row.pk}/result.csv").status_code == 404


def test_after_seven_days_the_result_is_gone_and_every_page_says_so(ada: Wizard) -> None:
    row = ada.imported()
    ada.change(result_expires_at=timezone.now() - timedelta(minutes=1))
    answer = ada.get(f"/{row.pk}/result.csv")
    page = text_of(answer)
    assert answer.status_code == 410
    assert "This file is gone" in page
    assert ada.address() in page
    assert "Gone since" in text_of(ada.get())
    assert "The result file was kept for 7 days and is gone" in text_of(ada.get(f"/{row.pk}/result"))


def test_a_manager_gets_the_files_and_others_do_not(ada: Wizard, cast: Cast) -> None:
    row = ada.imported()
    found = {}
    for name, user in cast.users.items():
        answer = wizard_of(cast.acme, user).get(f"/{row.pk}/result.csv")
        found[name] = answer.status_code
        assert not answer.streaming or body_of(answer)
    assert found == {"ada": 200, "max": 200, "ben": 403, "gus": 404}
