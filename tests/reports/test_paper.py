"""Reports outside their page: on paper, where nothing can be pressed, and the address of one block in a tab of its own."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.reports.shopping import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
DAYS = "from=2026-03-09&to=2026-03-12"


def page_of(browser: Client, shop: Shop, path: str, query: str = DAYS) -> str:
    answer = browser.get(f"/w/{shop.cast.acme.pk}/reports/{path}?{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def printed(page: str) -> list[str]:
    found = re.search(r'<p class="report-printed">(.*?)</p>', page, re.DOTALL)
    assert found is not None
    return [words.strip() for words in re.findall(r"<span>(.*?)</span>", found[1], re.DOTALL)]


def test_paper_names_the_days_with_their_year_and_everything_that_is_chosen(shop: Shop, ada: Client) -> None:
    people = (shop.cast.ada_user, shop.cast.max_user, shop.cast.ben_user)
    chosen = ",".join(str(person.pk) for person in people)
    names = sorted(f"{person.first_name} {person.last_name}" for person in people)
    page = page_of(ada, shop, "assignments", f"{DAYS}&assigned_to={chosen}&contacts=999999")
    days, assigned, contacts = printed(page)
    assert days == "9–12 Mar 2026"
    assert "3 chosen" in page
    assert sorted(assigned.removeprefix("Assigned to: ").split(", ")) == names
    assert contacts == "Contact: #999999"


def test_a_named_range_is_named_on_paper_too(shop: Shop, ada: Client) -> None:
    (days,) = printed(page_of(ada, shop, "leaderboard", "range=last_month"))
    assert re.fullmatch(r"Last month: 1–\d\d \w{3} \d{4}", days)


def test_a_block_opened_by_itself_leads_to_its_place_in_the_report(shop: Shop, ada: Client) -> None:
    address = f"/w/{shop.cast.acme.pk}/reports/users/block/by_user"
    report = f"/w/{shop.cast.acme.pk}/reports/users"
    navigation = {"Sec-Fetch-Dest": "document"}
    chart = ada.get(f"{address}?{DAYS}", headers=navigation)
    assert (chart.status_code, chart.headers["Location"]) == (302, f"{report}?{DAYS}#block-by_user")
    table = ada.get(f"{address}?{DAYS}&view=table", headers=navigation)
    assert table.headers["Location"] == f"{report}?{DAYS}&table=by_user#block-by_user"
    page = page_of(ada, shop, "users", f"{DAYS}&table=by_user")
    assert f'hx-get="{address}?{DAYS}&view=table"' in page
    whole = page_of(ada, shop, "conversations", f"{DAYS}&whole=1&table=opened_by_channel")
    block = whole[whole.index('id="block-opened_by_channel"') :]
    assert '<div class="scroller report-table' in block[: block.index("</section>")]


def test_a_table_of_different_values_has_neither_shares_nor_rows(shop: Shop, ada: Client) -> None:
    lines = page_of(ada, shop, "leaderboard/block/users_by_contacts_closed.csv").split("\r\n")
    assert lines[0].endswith("Code,User,Unique contacts closed")
    assert all(line.count(",") == 2 for line in lines[:-1])


def test_columns_of_one_conversation_are_called_no_averages(shop: Shop, ada: Client) -> None:
    heads = page_of(ada, shop, "users/log/closed.csv").split("\r\n")[0].split(",")
    assert heads[-3:] == ["Resolution time", "First assignment to close", "Last assignment to close"]
