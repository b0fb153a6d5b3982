import re
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD, Cast, browser_of

pytestmark = pytest.mark.usefixtures("fresh_cache")
LOGIN = "/account/login"
NEW_PASSWORD = "seven dry bicycles"


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def who_is(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def show_who(client: Client) -> None:
    """Give the password once more, as pages that protect the account ask."""
    client.post("/account/reauthenticate", {"password": PASSWORD})


def switch_second_factor_on(client: Client) -> tuple[str, list[str]]:
    """Turn the second factor on as a person does; return its secret and the recovery codes."""
    show_who(client)
    page = client.get("/account/two-factor/on")
    assert b"data:image/svg+xml;base64," in page.content
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/account/two-factor/on", {"code": totp_code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/recovery-codes")
    codes = re.findall(r"<li>([0-9a-z]+)</li>", client.get("/account/recovery-codes").content.decode())
    return secret, codes


def test_logging_in_and_out(cast: Cast) -> None:
    client = Client()
    assert client.get(LOGIN).status_code == 200
    answer = client.post(LOGIN, {"login": "MAX@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who_is(client) == str(cast.max_user.pk)
    assert client.get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    assert client.get("/account/logout").status_code == 200
    assert client.post("/account/logout")["Location"] == LOGIN
    assert who_is(client) is None


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast) -> None:
    answers = []
    for email in ("max@example.com", "nobody@example.com"):
        page = Client().post(LOGIN, {"login": email, "password": "wrong"})
        assert page.status_code == 200
        answers.append([str(error) for error in page.context["form"].non_field_errors()])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 1


def test_the_way_back_stays_in_the_house(cast: Cast) -> None:
    inside = Client().post(f"{LOGIN}?next=/account/profile", {"login": "max@example.com", "password": PASSWORD})
    outside = Client().post(f"{LOGIN}?next=//evil.example/", {"login": "max@example.com", "password": PASSWORD})
    assert (inside["Location"], outside["Location"]) == ("/account/profile", "/")


def test_guessing_at_one_account_is_stopped(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, "max@example.com", "wrong")
    assert log_in(client, "max@example.com") == HTTPStatus.OK
    assert who_is(client) is None
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert log_in(other, "ada@example.com") == HTTPStatus.FOUND


def test_many_tries_from_one_address_are_answered_429(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="198.51.100.8")
    statuses = [log_in(client, f"nobody{number}@example.com", "wrong") for number in range(31)]
    assert statuses.count(HTTPStatus.TOO_MANY_REQUESTS) == 1
    page = client.post(LOGIN, {"login": "max@example.com", "password": PASSWORD})
    assert page.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert b"Too many tries" in page.content


def test_nobody_signs_up(cast: Cast) -> None:
    page = Client().get("/account/signup")
    assert b"Accounts come by invitation" in page.content
    refused = Client().post(
        "/account/signup", {"email": "new@example.com", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert b"Accounts come by invitation" in refused.content


def test_a_forgotten_password_is_reset_by_mail(cast: Cast) -> None:
    elsewhere = browser_of(cast.max_user)
    client = Client(HTTP_HOST="localhost")
    assert client.get("/account/password/reset").status_code == 200
    client.post("/account/password/reset", {"email": "max@example.com"})
    assert client.get("/account/password/reset/sent").status_code == 200
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Reset your password", ["max@example.com"])
    found = re.search(r"http://\S+", str(mail.outbox[0].body))
    assert found
    link = found[0]
    assert link.startswith(f"{settings.BASE_URL}/account/password/reset/")
    path = link.removeprefix(settings.BASE_URL)
    form_path = client.get(path)["Location"]
    assert client.get(form_path).status_code == 200
    weak = client.post(form_path, {"password1": "short", "password2": "short"})
    assert "password1" in weak.context["form"].errors
    saved = client.post(form_path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert saved["Location"] == "/account/password/reset/done"
    assert client.get("/account/password/reset/done").status_code == 200
    assert who_is(client) is None
    assert elsewhere.get("/account/profile").status_code == 302
    assert b"This link does not work" in Client().get(path, follow=True).content
    assert log_in(Client(), "max@example.com") == HTTPStatus.OK
    assert log_in(Client(), "max@example.com", NEW_PASSWORD) == HTTPStatus.FOUND


def test_a_reset_for_an_unknown_address_looks_the_same(cast: Cast) -> None:
    known = Client().post("/account/password/reset", {"email": "max@example.com"})
    unknown = Client().post("/account/password/reset", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.subject for message in mail.outbox] == ["Reset your password", "Reset your password"]
    assert "/invitation" not in str(mail.outbox[1].body)


def test_a_changed_password_ends_other_sign_ins(cast: Cast) -> None:
    here, there = Client(), Client()
    log_in(here, "max@example.com")
    log_in(there, "max@example.com")
    assert here.get("/account/password").status_code == 200
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password", {**form, "oldpassword": "wrong"}).status_code == 200
    assert here.post("/account/password", form)["Location"] == "/account/security"
    assert here.get("/account/profile").status_code == 200
    assert there.get("/account/profile").status_code == 302
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


def test_the_second_factor_is_asked_after_the_password(cast: Cast) -> None:
    client = Client()
    log_in(client, "max@example.com")
    secret, codes = switch_second_factor_on(client)
    assert len(codes) == 10
    assert b"text/plain" in client.get("/account/recovery-codes/file")["Content-Type"].encode()
    door = Client()
    answer = door.post(LOGIN, {"login": "max@example.com", "password": PASSWORD})
    assert answer["Location"] == "/account/two-factor/code"
    assert who_is(door) is None
    assert door.get("/account/two-factor/code").status_code == 200
    wrong = door.post("/account/two-factor/code", {"code": "000000" if totp_code(secret) != "000000" else "111111"})
    assert wrong.status_code == 200
    assert who_is(door) is None
    assert door.post("/account/two-factor/code", {"code": codes[0]})["Location"] == "/"
    assert who_is(door) == str(cast.max_user.pk)
    again = Client()
    again.post(LOGIN, {"login": "max@example.com", "password": PASSWORD})
    again.post("/account/two-factor/code", {"code": codes[0]})
    assert who_is(again) is None


def test_a_reset_leaves_the_second_factor_on(cast: Cast) -> None:
    client = Client()
    log_in(client, "max@example.com")
    switch_second_factor_on(client)
    mail.outbox.clear()
    Client().post("/account/password/reset", {"email": "max@example.com"})
    found = re.search(r"/account/password/reset/\S+", str(mail.outbox[0].body))
    assert found
    reset = Client()
    form_path = reset.get(found[0])["Location"]
    reset.post(form_path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    door = Client()
    answer = door.post(LOGIN, {"login": "max@example.com", "password": NEW_PASSWORD})
    assert answer["Location"] == "/account/two-factor/code"


def test_turning_the_second_factor_off_asks_who_it_is(cast: Cast) -> None:
    client = Client()
    log_in(client, "max@example.com")
    assert client.get("/account/two-factor/on")["Location"].startswith("/account/reauthenticate?next=")
    _secret, codes = switch_second_factor_on(client)
    assert client.get("/account/two-factor/off").status_code == 200
    late = Client()
    late.post(LOGIN, {"login": "max@example.com", "password": PASSWORD})
    late.post("/account/two-factor/code", {"code": codes[1]})
    refused = late.post("/account/two-factor/off")
    assert refused["Location"].startswith("/account/reauthenticate")
    assert Authenticator.objects.filter(user=cast.max_user, type="totp").exists()
    assert late.get("/account/reauthenticate").status_code == 200
    assert late.get("/account/two-factor/confirm").status_code == 200
    assert late.post("/account/reauthenticate", {"password": "wrong"}).status_code == 200
    show_who(late)
    assert late.get("/account/recovery-codes/new").status_code == 200
    late.post("/account/two-factor/off")
    assert not Authenticator.objects.filter(user=cast.max_user).exists()


def test_new_recovery_codes_replace_the_old_ones(cast: Cast) -> None:
    client = Client()
    log_in(client, "max@example.com")
    _secret, codes = switch_second_factor_on(client)
    client.post("/account/recovery-codes/new")
    renewed = re.findall(r"<li>([0-9a-z]+)</li>", client.get("/account/recovery-codes").content.decode())
    assert len(renewed) == 10
    assert not set(codes) & set(renewed)


def test_signing_out_everywhere_else_keeps_this_sign_in(cast: Cast) -> None:
    here = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    there = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1")
    log_in(here, "max@example.com")
    log_in(there, "max@example.com")
    there.get("/account/profile")
    page = here.get("/account/security").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert UserSession.objects.filter(user=cast.max_user).count() == 2
    assert here.post("/account/sign-ins/end")["Location"] == "/account/security"
    assert here.get("/account/profile").status_code == 200
    assert there.get("/account/profile").status_code == 302
    assert UserSession.objects.filter(user=cast.max_user).count() == 1


def test_an_account_that_is_turned_off_opens_nothing(cast: Cast) -> None:
    cast.max_user.is_active = False
    cast.max_user.save(update_fields=["is_active"])
    client = Client()
    answer = client.post(LOGIN, {"login": "max@example.com", "password": PASSWORD}, follow=True)
    assert who_is(client) is None
    assert answer.status_code == 200
