"""A wizard in a browser without a screen: it uploads, maps and commits, and calls the jobs in a worker's place."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from imports.actions import validate_import, write_import
from imports.models import ContactImport
from tests.factories import Cast, browser_of
from workspaces.models import User, Workspace
from workspaces.scope import workspace_scope

PEOPLE = "Nombre,Teléfono,Correo,Ciudad\nCleo,+34600123456,cleo@example.com,Vigo\nTomás,96-CALL-ME,tomas@example.com,\n"
HTMX = {"HX-Request": "true"}


@dataclass(slots=True)
class Wizard:
    """The import pages of one workspace, used by one person."""

    workspace: Workspace
    client: Client

    def address(self, path: str = "") -> str:
        return f"/w/{self.workspace.pk}/settings/imports{path}"

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(self.address(path), headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(self.address(path), data or {}, headers=headers)

    def upload(self, text: str | bytes = PEOPLE, *, name: str = "people.csv", to: str = "/new", **fields: Any) -> Any:
        file = BytesIO(text.encode() if isinstance(text, str) else text)
        file.name = name
        chosen = {"purpose": "add_and_update", "identifier": "phone", "matching": "exact", **fields}
        return self.post(to, {"file": file, **chosen})

    def uploaded(self, text: str | bytes = PEOPLE, **fields: Any) -> ContactImport:
        answer = self.upload(text, **fields)
        assert answer.status_code == 302, answer.content.decode()
        return self.row()

    def map(self, row: ContactImport, *fields: str, **more: str) -> Any:
        return self.post(f"/{row.pk}/map", {f"field-{place}": field for place, field in enumerate(fields)} | more)

    def reviewed(self, text: str | bytes = PEOPLE, *, fields: tuple[str, ...] = (), **chosen: Any) -> ContactImport:
        row = self.uploaded(text, **chosen)
        assert self.map(row, *(fields or ("first_name", "phone", "email", ""))).status_code == 302
        self.check()
        return self.row()

    def imported(self, text: str | bytes = PEOPLE, **chosen: Any) -> ContactImport:
        row = self.reviewed(text, **chosen)
        assert self.commit(row).status_code == 302
        self.write()
        return self.row()

    def commit(self, row: ContactImport) -> Any:
        stamp = row.review_ready_at.isoformat() if row.review_ready_at else ""
        return self.post(f"/{row.pk}/commit", {"stamp": stamp})

    def check(self) -> None:
        validate_import(workspace_id=self.workspace.pk, import_id=self.row().pk, clock=timezone.now)

    def write(self) -> None:
        write_import(workspace_id=self.workspace.pk, import_id=self.row().pk, clock=timezone.now)

    def row(self) -> ContactImport:
        """Return the newest import of the workspace."""
        with workspace_scope(self.workspace.pk):
            return ContactImport.objects.in_workspace(self.workspace.pk).latest("pk")

    def change(self, **columns: object) -> None:
        """Set columns of the newest import: what only time or a crash brings about."""
        with workspace_scope(self.workspace.pk):
            ContactImport.objects.in_workspace(self.workspace.pk).filter(pk=self.row_id()).update(**columns)

    def row_id(self) -> int:
        return ContactImport.objects.in_workspace(self.workspace.pk).latest("pk").pk


def wizard_of(workspace: Workspace, user: User) -> Wizard:
    return Wizard(workspace=workspace, client=browser_of(user))


def text_of(answer: HttpResponseBase) -> str:
    """Return a page's text, white space folded."""
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def body_of(answer: HttpResponseBase) -> bytes:
    """Return what a download streamed; read to its end, it is closed too."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def ada(cast: Cast) -> Wizard:
    """Ada, owner of Acme, at the import pages."""
    return wizard_of(cast.acme, cast.ada_user)
