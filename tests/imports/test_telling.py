"""How an import ended is told to the person who asked for it: once, in the transaction that ends it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from imports.actions import (
    cancel_import,
    commit_import,
    committing,
    revert_import,
    sweep_imports,
    undo_import,
    write_import,
)
from imports.models import ContactImport, State
from tests.factories import Cast
from tests.imports.steps import a_csv, clock, imported, now, reviewed, uploaded
from workspaces.actors import Actor
from workspaces.models import Notification, User
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

FILE = a_csv("Name,Phone", "Cleo,+34600123456", "Bad,1")


def news_in(cast: Cast) -> list[Notification]:
    with workspace_scope(cast.acme.pk):
        return list(Notification.objects.in_workspace(cast.acme.pk).order_by("pk"))


def swept(**ahead: float) -> None:
    sweep_imports(clock=lambda: timezone.now() + timedelta(**ahead))


def test_a_completed_import_is_told_with_its_counts(cast: Cast) -> None:
    row = imported(cast.ada, FILE)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    swept(minutes=1)
    [news] = news_in(cast)
    assert (news.kind, news.user_id, news.subject_kind, news.subject_id) == (
        "imports.completed",
        cast.ada_user.pk,
        "import",
        row.pk,
    )
    assert news.facts == {
        "file_name": "people.csv",
        "imported": 1,
        "updated": 0,
        "skipped": 0,
        "failed": 1,
        "error_code": "",
    }
    assert (news.mail_state, news.created_at) == (Notification.Mail.DUE, now(row).finished_at)


def test_an_import_that_fails_at_work_is_told(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, FILE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    default_storage.delete(row.file_key)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert now(row).state == State.FAILED
    [news] = news_in(cast)
    assert (news.kind, news.facts["error_code"]) == ("imports.failed", now(row).error_code)


def test_an_import_whose_attempts_are_spent_is_told_once(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, FILE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
        ContactImport.objects.filter(pk=row.pk).update(attempt=3)
    swept(minutes=1)
    swept(minutes=2)
    [news] = news_in(cast)
    assert (news.kind, news.facts["error_code"]) == ("imports.failed", "imports.attempts_spent")


def test_an_expired_session_is_told_once(cast: Cast) -> None:
    uploaded(cast.ada, FILE)
    swept(minutes=61)
    swept(minutes=62)
    [news] = news_in(cast)
    assert news.kind == "imports.expired"


def test_what_a_person_cancels_they_need_not_be_told(cast: Cast) -> None:
    row = uploaded(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=row.pk, at=clock())
    swept(minutes=61)
    assert news_in(cast) == []


def test_a_token_is_told_nothing(cast: Cast) -> None:
    token = Actor.token(token_id=7, workspace_id=cast.acme.pk, scopes=["write"])
    uploaded(token, FILE)
    swept(minutes=61)
    assert news_in(cast) == []


def test_whoever_switched_mail_off_is_told_in_the_app_only(cast: Cast) -> None:
    User.objects.filter(pk=cast.ada_user.pk).update(import_mail_on=False)
    imported(cast.ada, FILE)
    [news] = news_in(cast)
    assert (news.mail_state, news.mail_due_at) == (Notification.Mail.NONE, None)


def test_without_the_end_there_is_no_news(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: when telling breaks, the import has not ended either, and the next worker does both."""

    def breaks(**_facts: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(committing, "tell_requester", breaks)
        with pytest.raises(ZeroDivisionError):
            imported(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        row = ContactImport.objects.in_workspace(cast.acme.pk).get()
    assert (row.state, news_in(cast)) == (State.COMMITTING, [])
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert now(row).state == State.COMPLETED
    assert [news.kind for news in news_in(cast)] == ["imports.completed"]


def test_an_undone_import_is_told_to_who_asked_for_undoing(cast: Cast) -> None:
    row = imported(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.max, import_id=row.pk, at=clock())
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    news = news_in(cast)[-1]
    assert (news.kind, news.user_id) == ("imports.undone", cast.max_user.pk)
    assert news.facts == {
        "file_name": "people.csv",
        "deleted": 1,
        "restored": 0,
        "partly": 0,
        "kept": 0,
        "error_code": "",
    }
    assert [one.kind for one in news_in(cast)] == ["imports.completed", "imports.undone"]


def test_an_undoing_that_comes_to_a_halt_is_told(cast: Cast) -> None:
    row = imported(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())
        ContactImport.objects.filter(pk=row.pk).update(attempt=3)
    swept(minutes=1)
    news = news_in(cast)[-1]
    assert (news.kind, news.facts["error_code"]) == ("imports.undo_failed", "imports.attempts_spent")
