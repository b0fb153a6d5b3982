import pytest

from contacts.models import Contact
from imports.models import State
from tests.factories import Cast
from tests.imports.steps import a_csv, imported, reviewed, uploaded, written
from workspaces.scope import workspace_scope

FILE = a_csv(
    "Name,Last name,Phone,E-mail,Tags",
    "Zoë,Marín,+34600123456,zoe@example.com,vip; new",
    '"Li, ""Bo""",,+34600123457,,',
    "Bad,Row,12,nope,",
    "Twin,A,+34600999999,,",
    "Twin,B,+34600999999,,",
)


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_all_the_way(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, FILE, tags=["import-1"]))
    assert (row.state, row.error_code) == (State.REVIEW, "")
    assert (row.to_add, row.to_update, row.unchanged, row.to_skip, row.with_errors) == (2, 0, 0, 0, 3)
    row = written(cast.ada, row)
    assert (row.state, row.imported, row.updated, row.skipped, row.failed) == (State.COMPLETED, 2, 0, 0, 3)
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.in_workspace(cast.acme.pk).count() == 2
    again = imported(cast.ada, FILE.replace(b"zoe@", b"new@").replace(b"vip; new", b""), tags=["import-2"])
    assert (again.imported, again.updated, again.skipped, again.failed) == (0, 2, 0, 3)
