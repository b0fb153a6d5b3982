"""A sign-in ends after 14 days, however busy it is."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from tests.factories import Cast, browser_of


def test_a_sign_in_ends_after_fourteen_days_of_use(cast: Cast) -> None:
    browser = browser_of(cast.ada_user)
    where = f"/w/{cast.acme.pk}/contacts"
    began = timezone.now()
    assert browser.get(where).status_code == 200
    for hours in range(8, 14 * 24, 8):  # used every eight hours: never idle for twelve
        with time_machine.travel(began + timedelta(hours=hours)):
            assert browser.get(where).status_code == 200
    with time_machine.travel(began + timedelta(days=14, minutes=1)):
        answer = browser.get(where)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login")


def test_a_sign_in_ends_after_twelve_idle_hours(cast: Cast) -> None:
    browser = browser_of(cast.ada_user)
    where = f"/w/{cast.acme.pk}/contacts"
    began = timezone.now()
    assert browser.get(where).status_code == 200
    with time_machine.travel(began + timedelta(hours=12, minutes=1)):
        assert browser.get(where).status_code == 302
