"""The shop that most tests of reports look at: made once for each file."""

import pytest
from django.test import Client

from tests.casting import the_cast
from tests.factories import browser_of
from tests.keeping import kept_in_a_file, one_of
from tests.reports.shopping import Shop, a_shop

kept_shop = kept_in_a_file(lambda: a_shop(the_cast()))


@pytest.fixture
def shop(kept_shop: Shop, db: None) -> Shop:
    return one_of(kept_shop)


@pytest.fixture
def ada(shop: Shop) -> Client:
    """The browser of the shop's owner."""
    return browser_of(shop.cast.ada_user)
