"""Whose thread a mail continues, by the words that we signed, and never by what it claims."""

import base64

import pytest

from inbox.channels.email.reading import read_mail
from inbox.channels.email.threading import (
    Clues,
    Known,
    clues_in,
    contact_in_token,
    contact_of,
    own_message_id,
    reply_address,
    reply_token,
)
from tests.channels.mail import a_mail, an_account
from tests.channels.test_email_reading import NOW

HERE = {"workspace_id": 7, "channel_id": 3}
ACCOUNT = an_account()
TOKEN = reply_token(**HERE, contact_id=41)


def test_a_token_names_its_contact_in_its_own_mailbox_only() -> None:
    for contact_id in (1, 41, 70_000_000, 2**53):
        token = reply_token(**HERE, contact_id=contact_id)
        assert token == token.lower()
        assert contact_in_token(token, **HERE) == contact_id
        assert contact_in_token(token.upper(), **HERE) == contact_id
    assert contact_in_token(TOKEN, workspace_id=8, channel_id=3) is None
    assert contact_in_token(TOKEN, workspace_id=7, channel_id=4) is None


@pytest.mark.parametrize("bad", ["", "a", "!!", "aaaaaaaaaaaaaaaaaaaaaa", TOKEN[:-1], TOKEN + "a", "é" * 20])
def test_a_token_that_is_no_token_names_nobody(bad: str) -> None:
    assert contact_in_token(bad, **HERE) is None


def test_a_forged_token_names_nobody() -> None:
    data = bytearray(base64.b32decode(TOKEN.upper() + "=" * (-len(TOKEN) % 8)))
    data[2] ^= 1  # another contact, the same signature
    forged = base64.b32encode(bytes(data)).decode().rstrip("=").lower()
    assert contact_in_token(forged, **HERE) is None


def test_an_answer_comes_to_an_address_of_its_own() -> None:
    address = reply_address(ACCOUNT, TOKEN)
    assert address == f"support+r-{TOKEN}@shop.test"
    assert reply_address(an_account(answers_by_address=False), TOKEN) == "support@shop.test"
    assert reply_address(an_account(address="a" * 50 + "@shop.test"), TOKEN) == "a" * 50 + "@shop.test"


def test_clues_come_from_address_and_ids_the_newest_first() -> None:
    ours = own_message_id(key="k", token=TOKEN, domain="shop.test")
    mail = a_mail(
        To=reply_address(ACCOUNT, reply_token(**HERE, contact_id=5)).upper(),
        In_Reply_To="<b@x.test>",
        References=f"<a@x.test> {ours} <b@x.test>",
    )
    clues = clues_in(read_mail(mail.as_bytes(), ACCOUNT, received_at=NOW), ACCOUNT, **HERE)
    assert clues == Clues((5, 41), ("<b@x.test>", ours, "<a@x.test>"))


def test_the_sender_must_take_part() -> None:
    clues = Clues((5, 6), ("<b@x.test>", "<a@x.test>"))
    by_contact = {6: frozenset({"cleo@example.com"})}
    by_id = {
        "<b@x.test>": Known(7, frozenset({"other@example.com"})),
        "<a@x.test>": Known(8, frozenset({"ana@example.com"})),
    }

    def found(sender: str) -> int | None:
        return contact_of(clues, sender, by_contact=by_contact, by_message_id=by_id)

    assert found("cleo@example.com") == 6
    assert found("other@example.com") == 7
    assert found("ana@example.com") == 8
    assert found("mallory@example.com") is None
