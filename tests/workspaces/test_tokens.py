import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import NOON, Cast, a_member, a_token, everything_in
from workspaces.actions import create_token, revoke_token
from workspaces.errors import DomainError, LimitReached, PermissionMissing, TokenNotFound, ValueNotValid
from workspaces.models import ApiToken, EventRecord
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest, is_token


def test_a_token_is_shown_once_and_only_its_hash_is_kept(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row, token = create_token(
            actor=cast.max, name="Robot", scopes=["write", "read"], expires_at=NOON + timedelta(days=90), at=NOON
        )
        stored = ApiToken.objects.get(pk=row.pk)
        assert is_token(token)
        assert len(token) == len("tert_") + 32 + 1 + 8
        assert bytes(stored.secret_sha256) == digest(token)
        assert stored.ending == token[-4:]
        assert stored.scopes == ["read", "write"]
        assert token not in str(everything_in(cast.acme))
        assert EventRecord.objects.get(type="workspaces.token.created").data == {"scopes": ["read", "write"]}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " ", "scopes": ["read"]}),
        ("scopes", {"name": "Robot", "scopes": []}),
        ("scopes", {"name": "Robot", "scopes": ["read", "everything"]}),
        ("expires_at", {"name": "Robot", "scopes": ["read"], "expires_at": NOON}),
    ],
)
def test_a_token_that_is_not_right_is_not_made(cast: Cast, field: str, values: dict[str, object]) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(ValueNotValid) as refused:
            create_token(actor=cast.ada, **values, at=NOON)  # type: ignore[arg-type]
        assert refused.value.field == field
        assert everything_in(cast.acme) == before


def test_a_token_may_do_no_more_than_its_maker(cast: Cast) -> None:
    _user, mia = a_member(cast.acme, email="mia@example.com", role="manager", restrictions=("restrict_data_export",))
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            create_token(actor=mia, name="Robot", scopes=["read", "export"], at=NOON)
        with pytest.raises(PermissionMissing):
            create_token(actor=cast.ben, name="Robot", scopes=["read"], at=NOON)
        assert everything_in(cast.acme) == before


def test_revoked_and_expired_tokens_make_room(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        soon = NOON + timedelta(hours=1)
        for number in range(9):
            create_token(actor=cast.ada, name=f"Robot {number}", scopes=["read"], at=NOON)
        last, _token = create_token(actor=cast.ada, name="Brief", scopes=["read"], expires_at=soon, at=NOON)
        with pytest.raises(LimitReached):
            create_token(actor=cast.ada, name="One more", scopes=["read"], at=NOON)
        create_token(actor=cast.ada, name="Later", scopes=["read"], at=soon)
        revoke_token(actor=cast.ada, token_id=last.pk, at=soon)
        with pytest.raises(LimitReached):
            create_token(actor=cast.ada, name="Still one more", scopes=["read"], at=soon)


def test_a_token_is_revoked_once(cast: Cast) -> None:
    a_token(cast.ada)
    with workspace_scope(cast.acme.pk):
        row = ApiToken.objects.get()
        revoke_token(actor=cast.max, token_id=row.pk, at=NOON)
        before = everything_in(cast.acme)
        with pytest.raises(TokenNotFound):
            revoke_token(actor=cast.max, token_id=row.pk, at=NOON)
        assert everything_in(cast.acme) == before


def test_another_workspaces_token_does_not_exist_here(cast: Cast) -> None:
    a_token(cast.ada)
    with workspace_scope(cast.acme.pk):
        token_id = ApiToken.objects.get().pk
    with workspace_scope(cast.globex.pk), pytest.raises(TokenNotFound):
        revoke_token(actor=cast.gus, token_id=token_id, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_make_one_tenth_token(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(9):
            create_token(actor=cast.ada, name=f"Robot {number}", scopes=["read"], at=NOON)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def make() -> None:
        try:
            together.wait(timeout=10)
            with workspace_scope(cast.acme.pk):
                create_token(actor=cast.ada, name="The tenth", scopes=["read"], at=NOON)
            outcomes.append("made")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["made", "workspaces.limit_reached"]
    with workspace_scope(cast.acme.pk):
        assert ApiToken.objects.count() == 10
