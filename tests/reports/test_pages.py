"""The pages of reports: who may open them, what stands on them, and what they say when there is nothing to show."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.catalogue import REPORTS
from tests.factories import Cast, browser_of
from tests.inbox.steps import hears
from tests.reports.shopping import Shop, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
DAYS = "from=2026-03-09&to=2026-03-12"
BLOCKS = [(report.key, block) for report in REPORTS.values() for block in report.blocks]
MOST_QUERIES = {
    "/logs": 24,
    "/responses": 24,
    "/contacts/block/overview": 24,
    "/users/block/by_user": 24,
    "/contacts/log/added": 40,
}
LOGS = [(report.key, log.key) for report in REPORTS.values() for log in report.logs]


@pytest.fixture
def cast(shop: Shop) -> Cast:
    return shop.cast


def at(cast: Cast, rest: str = "", query: str = DAYS) -> str:
    return f"/w/{cast.acme.pk}/reports{rest}" + (f"?{query}" if query else "")


def text_of(answer: Any, status: int = 200) -> str:
    page = unescape(answer.content.decode())
    assert answer.status_code == status, page[:2000]
    return re.sub(r"\s+", " ", page)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page).split())


def links(page: str, start: str) -> list[str]:
    return [found for found in re.findall(r'href="([^"]+)"', page) if found.startswith(start)]


def test_every_page_block_and_log_answers_owner_and_manager_and_refuses_an_agent(shop: Shop, ada: Client) -> None:
    cast = shop.cast
    paths = [
        *(f"/{report}" for report in REPORTS),
        *(f"/{report}/block/{block}" for report, block in BLOCKS),
        *(f"/{report}/log/{log}" for report, log in LOGS),
    ]
    assert len(paths) > 130
    for path in paths:
        text_of(ada.get(at(cast, path)))
    manager, agent = browser_of(cast.max_user), browser_of(cast.ben_user)
    for path in ("/contacts", "/users/block/by_user", "/logs/log/contacts_added"):
        text_of(manager.get(at(cast, path)))
        assert "Your access does not allow this" in words_of(text_of(agent.get(at(cast, path)), 403))
    assert ada.get(at(cast, query="")).headers["Location"] == at(cast, "/conversations", "")


def test_a_page_waits_for_its_blocks_and_shows_all_of_them_at_once_when_asked(shop: Shop, ada: Client) -> None:
    page = text_of(ada.get(at(shop.cast, "/contacts")))
    waiting = re.findall(r'hx-get="([^"]+/block/(\w+)[^"]*)" hx-trigger="([^"]+)"', page)
    assert [name for _, name, _ in waiting] == list(REPORTS["contacts"].blocks)
    assert [trigger for _, _, trigger in waiting] == ["load"] + ["intersect once"] * (len(waiting) - 1)
    assert all(DAYS in address for address, _, _ in waiting)
    whole = text_of(ada.get(at(shop.cast, "/contacts", f"{DAYS}&whole=1")))
    assert "/block/" not in "".join(re.findall(r'hx-get="[^"]+" hx-trigger', whole))
    assert "merged since still count. 4" in words_of(whole)
    assert "Everything is on this page" in whole


def test_a_card_tells_its_change_the_value_before_and_its_definition(shop: Shop, ada: Client) -> None:
    cards = text_of(ada.get(at(shop.cast, "/responses/block/overview")))
    first = words_of(cards[: cards.index("First assignment to first response")])
    assert first.startswith("First response time First response time From the moment")
    assert "11 min 30 s" in first
    assert "Median 4 min 10 s 90th percentile" in first
    assert "Rows 3" in first
    shown = words_of(text_of(ada.get(at(shop.cast, "/contacts/block/overview", "from=2026-03-11&to=2026-03-11"))))
    assert "merged since still count. 0 down 100% (4 in the period before)" in shown


def test_a_block_is_a_chart_or_the_table_behind_it(shop: Shop, ada: Client) -> None:
    address = at(shop.cast, "/conversations/block/opened_by_channel")
    chart, table = text_of(ada.get(address)), text_of(ada.get(f"{address}&view=table"))
    assert 'class="chart' in chart
    assert '<div class="scroller report-table' in table
    assert "Opened channel Opened Share Shop line 4 80.0% Night line 1 20.0%" in words_of(table)
    assert links(table, at(shop.cast, "/conversations/log/opened?")) == links(
        chart, at(shop.cast, "/conversations/log/opened?")
    )


def test_a_link_of_a_chart_leads_to_exactly_its_rows_and_keeps_range_and_filters(shop: Shop, ada: Client) -> None:
    cast = shop.cast
    chosen = f"{DAYS}&channels={shop.line.pk}"
    trend = text_of(ada.get(at(cast, "/conversations/block/opened_trend", chosen)))
    for address, count in zip(links(trend, at(cast, "/conversations/log/opened", "")), (3, 1), strict=True):
        asked = parse_qs(urlsplit(address).query)
        assert asked["channels"] == [str(shop.line.pk)]
        assert asked["from"] == ["2026-03-09"]
        page = text_of(ada.get(address))
        assert f"1–{count} of {count}" in words_of(page)
        assert "The rows behind: Opened · 1" in words_of(page)
    users = text_of(ada.get(at(cast, "/users/block/by_user")))
    closed = [found for found in links(users, at(cast, "/users/log/closed", "")) if "metric=closed" in found]
    assert [words_of(text_of(ada.get(found))).count("The rows behind: Conversations closed") for found in closed] == [
        1
    ] * 3


def test_the_users_table_goes_by_the_column_that_is_asked_for(shop: Shop, ada: Client) -> None:
    def names(query: str) -> list[str]:
        page = text_of(ada.get(at(shop.cast, "/users/block/by_user", f"{DAYS}&{query}")))
        return [words_of(found) for found in re.findall(r'<th scope="row">(.*?)</th>', page)]

    assert names("") == ["Ada Ferrer", "Ben Tanaka", "Max Marín"]
    assert names("sort=messages_sent") == ["Ben Tanaka", "Max Marín", "Ada Ferrer"]
    assert names("sort=messages_sent&rising=1") == ["Ada Ferrer", "Max Marín", "Ben Tanaka"]
    # Ada answered first nowhere: what is unknown comes last, whichever way the column goes.
    assert names("sort=average_response_time&rising=1")[-1] == names("sort=average_response_time")[-1] == "Ada Ferrer"
    page = text_of(ada.get(at(shop.cast, "/users/block/by_user", f"{DAYS}&sort=closed")))
    assert 'aria-sort="descending"' in page
    assert "Median" in words_of(page)


def test_a_ranking_has_places_and_equals_share_them(shop: Shop, ada: Client) -> None:
    page = text_of(ada.get(at(shop.cast, "/leaderboard/block/users_by_closed")))
    assert re.findall(r'<span class="place">(\d)</span>', page) == ["1", "1", "1"]


@pytest.mark.parametrize(
    ("report", "block", "query", "says"),
    [
        (
            "contacts",
            "connected_by_channel",
            "sources=zapier",
            "The chosen filters have no applicable data. Nothing of this kind happened in the period with what is chosen for: Source.",
        ),
        ("contacts", "connected_trend", "", "There is no data in this period."),
        (
            "contacts",
            "added_by_source",
            "channels={line}",
            "The chosen filters are not applicable here. This is not counted by: Channel.",
        ),
        ("contacts", "overview_trend", "channels={line}", "The chosen filters are not applicable here."),
    ],
)
def test_a_block_without_rows_says_why_and_how_to_see_more(
    shop: Shop, ada: Client, report: str, block: str, query: str, says: str
) -> None:
    days = "from=2026-02-01&to=2026-02-02" if not query else DAYS
    query = query.format(line=shop.line.pk)
    page = text_of(ada.get(at(shop.cast, f"/{report}/block/{block}", f"{days}&{query}".rstrip("&"))))
    assert says in words_of(page)
    without = f'href="{at(shop.cast, f"/{report}", days)}"'
    assert (without in page) == bool(query)


def test_a_log_is_a_part_for_the_page_and_a_page_for_everybody_else(shop: Shop, ada: Client) -> None:
    address = at(shop.cast, "/contacts/log/added", f"{DAYS}&fragment=1")
    part = text_of(ada.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Contacts added 4 Contacts connected" in words_of(part)
    page = text_of(ada.get(at(shop.cast, "/contacts/log/added")))
    assert "<h1" in page
    assert "1–4 of 4" in words_of(page)
    assert "Add a filter" in page
    assert "compared with" not in page
    assert f'action="{at(shop.cast, "/contacts/log/added", "")}"' in page
    unfit = text_of(ada.get(at(shop.cast, "/contacts/log/added", f"{DAYS}&channels={shop.line.pk}")))
    assert "The chosen filters are not applicable here." in unfit


def test_other_days_take_the_bucket_away_that_was_looked_into(shop: Shop, ada: Client) -> None:
    cut = "metric=opened&cut_from=1773100800&cut_to=1773187200"  # 10 March
    address = at(shop.cast, "/conversations/log/opened", f"{DAYS}&{cut}")
    page = text_of(ada.get(address))
    assert "The rows behind: Opened · 10 Mar 2026" in words_of(page)
    other = next(
        found for found in links(page, at(shop.cast, "/conversations/log/opened", "")) if "last_month" in found
    )
    assert "cut_from" in other
    assert "The rows behind: Opened ·" in words_of(text_of(ada.get(other)))
    assert "10 Mar 2026" not in words_of(text_of(ada.get(other)))


@pytest.mark.parametrize(
    "path", ["/nowhere", "/contacts/block/nowhere", "/contacts/log/nowhere", "/contacts/log/no.csv"]
)
def test_what_no_report_has_is_not_found(cast: Cast, ada: Client, path: str) -> None:
    assert ada.get(at(cast, path)).status_code == 404


@pytest.mark.parametrize("path", ["/conversations", "/conversations/log/opened"])
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2026-13-01", "First day. A report covers one day to three years"),
        ("from=2026-03-02&to=2026-03-01", "Last day. A report covers one day to three years"),
        ("conversations=12,x", "Conversation. “x” is not an ID."),
        ("closed_users=9999999", "Closed by user. Nothing in this workspace has the ID 9999999."),
        ("contact_types=odd", "Contact type. “odd” is none of: new, returning."),
    ],
)
def test_a_value_that_cannot_be_is_named_with_a_way_back(
    cast: Cast, ada: Client, path: str, query: str, says: str
) -> None:
    page = text_of(ada.get(at(cast, path, f"{query}&frequency=week")), 400)
    assert says in words_of(page)
    assert at(cast, path, "frequency=week") in links(page, at(cast, path, ""))
    assert ada.get(at(cast, path, "frequency=week")).status_code == 200


def test_what_takes_too_long_says_so_in_its_place(shop: Shop, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: object, **_named: object) -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")
        raise AssertionError

    told = "This took too long and was stopped"
    monkeypatch.setattr("reports.web.views.pages.answer", slow)
    monkeypatch.setattr("reports.web.views.logs.log_rows", slow)
    block = text_of(ada.get(at(shop.cast, "/contacts/block/overview")))
    assert told in block
    assert "Try again" in block
    log = text_of(ada.get(at(shop.cast, "/contacts/log/added")))
    assert told in log
    assert "Last 30 days" in log
    whole = text_of(ada.get(at(shop.cast, "/contacts", f"{DAYS}&whole=1")))
    assert whole.count(told) == len(REPORTS["contacts"].blocks)


def test_chips_presets_and_other_filters_keep_what_is_chosen(shop: Shop, ada: Client) -> None:
    query = f"range=last_7_days&channels={shop.line.pk}&channels={shop.night.pk}&frequency=day&add=categories"
    page = text_of(ada.get(at(shop.cast, "/conversations", query)))
    shown = words_of(page)
    assert "Channel is any of Shop line or Night line" in shown
    assert "Category is any of choose" in shown
    assert "data-open-now> <fieldset" in page
    found = links(page, at(shop.cast, "/conversations", ""))
    kept = f"channels={shop.line.pk}&channels={shop.night.pk}"
    assert at(shop.cast, "/conversations", f"range=last_month&{kept}") in found
    assert at(shop.cast, "/conversations", f"range=last_7_days&frequency=week&{kept}") in found
    assert at(shop.cast, "/conversations", "range=last_7_days&frequency=day") in found
    assert at(shop.cast, "/conversations", "") in found


def test_export_opens_with_the_range_the_zone_and_the_data_set(shop: Shop, ada: Client) -> None:
    page = text_of(ada.get(at(shop.cast, "/messages")))
    address = next(found for found in links(page, f"/w/{shop.cast.acme.pk}/settings/exports?"))
    asked = parse_qs(urlsplit(address).query)
    assert (asked["dataset"], asked["first"], asked["last"]) == (["messages"], ["2026-03-09"], ["2026-03-12"])
    assert asked["time_zone"] == ["UTC"]


def test_a_contact_is_found_by_name_and_by_number_also_when_it_is_gone(shop: Shop, ada: Client) -> None:
    number = shop.threads["Cleo"].contact_id
    assert re.findall(r'value="(\d+)">([^<]+)<', text_of(ada.get(at(shop.cast, "/contacts-found", f"q={number}")))) == [
        (str(number), "Cleo Marín")
    ]
    assert "Cleo Marín" in text_of(ada.get(at(shop.cast, "/contacts-found", "q=Cleo")))
    assert '<option value="987654">#987654</option>' in text_of(ada.get(at(shop.cast, "/contacts-found", "q=987654")))
    assert text_of(ada.get(at(shop.cast, "/contacts-found", "q="))).strip() == ""


def test_pages_blocks_and_logs_ask_the_database_a_handful_of_times(shop: Shop, ada: Client) -> None:
    def queries(path: str, query: str = DAYS) -> int:
        ada.get(at(shop.cast, path, query))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text_of(ada.get(at(shop.cast, path, query)))
        return len(asked)

    # Of them eight are the sign-in, the member and the transaction; a block's own are the figures and the preceding ones.
    counts = {
        path: queries(path)
        for path in ("/logs", "/responses", "/contacts/block/overview", "/users/block/by_user", "/contacts/log/added")
    }
    assert {path: count for path, count in counts.items() if count > MOST_QUERIES[path]} == {}
    chosen = f"{DAYS}&channels={shop.line.pk}&closed_users={shop.cast.max_user.pk}"
    assert queries("/responses", chosen) <= counts["/responses"] + 6
    for name in ("Gil", "Hua", "Ida"):
        hears(shop.cast.ada, shop.line, sender=f"+3460000{len(name)}{ord(name[0])}", at=on("17:00"))
    assert queries("/contacts/log/added") == counts["/contacts/log/added"]
    assert queries("/conversations/block/opened_by_channel") == queries(
        "/conversations/block/opened_by_channel", "from=2026-03-10&to=2026-03-10"
    )
