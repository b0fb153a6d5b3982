"""Secrets of others: sealed with the first key, opened with any, and refused plainly without one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from inbox.models import Channel
from tests.factories import NOON, Cast
from workspaces.scope import workspace_scope
from workspaces.sealing import NotUnsealable, reseal, seal, unseal

OLD, NEW = "o" * 40, "n" * 40
SECRETS = {"token": "tert_secret", "password": "añb"}


def test_what_is_sealed_is_opened_and_cannot_be_read() -> None:
    sealed = seal(SECRETS)
    assert "secret" not in sealed
    assert unseal(sealed) == SECRETS
    assert seal(SECRETS) != sealed


def test_no_secrets_are_no_text() -> None:
    assert seal({}) == ""
    assert unseal("") == {}


def test_the_first_key_seals_and_every_key_opens(settings: Settings) -> None:
    settings.SECRETS_KEYS = [OLD]
    sealed = seal(SECRETS)
    settings.SECRETS_KEYS = [NEW, OLD]
    assert unseal(sealed) == SECRETS
    anew = reseal(sealed)
    settings.SECRETS_KEYS = [NEW]
    assert unseal(anew) == SECRETS
    with pytest.raises(NotUnsealable, match="SECRETS_KEYS"):
        unseal(sealed)


def test_without_keys_of_its_own_the_secret_key_seals_and_stays_usable(settings: Settings) -> None:
    settings.SECRETS_KEYS = []
    sealed = seal(SECRETS)
    settings.SECRETS_KEYS = [NEW, settings.SECRET_KEY]
    assert unseal(sealed) == SECRETS
    settings.SECRETS_KEYS, settings.SECRET_KEY = [], "another key that is long enough for this"
    with pytest.raises(NotUnsealable):
        unseal(sealed)


def test_a_text_that_was_tampered_with_is_refused() -> None:
    sealed = seal(SECRETS)
    with pytest.raises(NotUnsealable):
        unseal(sealed[:-4] + "AAAA")


def _channel(workspace_id: int, sealed: str) -> Channel:
    with workspace_scope(workspace_id):
        return Channel.objects.create(
            workspace_id=workspace_id,
            kind="custom_channel",
            name="Ours",
            key=f"k{workspace_id}",
            sealed_secrets=sealed,
            created_at=NOON,
        )


def test_the_command_seals_anew_in_every_workspace(cast: Cast, settings: Settings) -> None:
    settings.SECRETS_KEYS = [OLD]
    channels = [_channel(space.pk, seal(SECRETS)) for space in (cast.acme, cast.globex)]
    settings.SECRETS_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("reseal_secrets", stdout=out)
    assert "2." in out.getvalue()
    settings.SECRETS_KEYS = [NEW]
    for channel in channels:
        with workspace_scope(channel.workspace_id):
            channel.refresh_from_db()
        assert unseal(channel.sealed_secrets) == SECRETS


def test_the_command_says_what_no_key_opens_and_leaves_it(cast: Cast, settings: Settings) -> None:
    settings.SECRETS_KEYS = [OLD]
    sealed = seal(SECRETS)
    channel = _channel(cast.acme.pk, sealed)
    settings.SECRETS_KEYS = [NEW]
    with pytest.raises(CommandError, match="1"):
        call_command("reseal_secrets", stdout=StringIO())
    with workspace_scope(cast.acme.pk):
        channel.refresh_from_db()
    assert channel.sealed_secrets == sealed
