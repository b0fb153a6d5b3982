"""What stands behind a chart, and the rows behind a figure, as files for spreadsheets."""

import pytest
from django.test import Client

from contacts.actions import add_contact
from contacts.models.contact import Source
from tests.factories import Cast, browser_of
from tests.reports.shopping import Shop, on
from workspaces.models import Workspace
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
MARK = "\N{BYTE ORDER MARK}"
LOG_HEADS = "Timestamp,Contact ID,Contact Name,Source,Sub Source,Ad campaign ID,Ad group ID,Ad ID,Channel,User"
HEADS = 'Code,First response by,First response time,"First response time, median","First response time, 90th percentile",Rows'
DAYS = "from=2026-03-09&to=2026-03-12"


@pytest.fixture
def cast(shop: Shop) -> Cast:
    return shop.cast


def file_of(browser: Client, cast: Cast, path: str, query: str = DAYS) -> tuple[str, list[str]]:
    """Return the name of a file and its lines without the byte order mark."""
    answer = browser.get(f"/w/{cast.acme.pk}/reports/{path}.csv?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = answer.content.decode()
    assert text.startswith(MARK)
    assert text.endswith("\r\n")
    named = answer.headers["Content-Disposition"]
    return named.removeprefix('attachment; filename="').removesuffix('"'), text.removeprefix(MARK).split("\r\n")[:-1]


def test_a_block_is_its_table_with_codes_plain_numbers_and_lengths_by_the_clock(shop: Shop, ada: Client) -> None:
    assert file_of(ada, shop.cast, "responses/block/first_response_time_by_first_responder") == (
        "responses-first_response_time_by_first_responder-2026-03-09-2026-03-12.csv",
        [
            HEADS,
            f"{shop.cast.max_user.pk},Max Marín,0:15:10,0:15:10,0:27:02,2",
            f"{shop.ben.user_id},Ben Tanaka,0:04:10,0:04:10,0:04:10,1",
        ],
    )
    resolved = file_of(ada, shop.cast, "resolutions/block/resolution_time_by_closed_by_user")[1]
    assert resolved[1] == f"{shop.cast.max_user.pk},Max Marín,5:00:00,5:00:00,5:00:00,1"
    name, lines = file_of(ada, shop.cast, "conversations/block/opened_by_channel")
    assert name == "conversations-opened_by_channel-2026-03-09-2026-03-12.csv"
    assert lines == [
        "Code,Opened channel,Opened,Share",
        f"{shop.line.pk},Shop line,4,0.8000",
        f"{shop.night.pk},Night line,1,0.2000",
    ]


def test_a_trend_has_a_line_for_each_stretch_of_time(shop: Shop, ada: Client) -> None:
    lines = file_of(ada, shop.cast, "conversations/block/opened_against_closed")[1]
    assert lines == [
        "From,To,Opened,Closed",
        "2026-03-09,2026-03-09,0,0",
        "2026-03-10,2026-03-10,4,3",
        "2026-03-11,2026-03-11,1,1",
        "2026-03-12,2026-03-12,0,0",
    ]
    hours = file_of(ada, shop.cast, "conversations/block/opened_against_closed", "from=2026-03-10&to=2026-03-10")[1]
    assert hours[13] == "2026-03-10 12:00:00,2026-03-10 13:00:00,1,1"


def test_a_log_has_its_columns_in_the_zone_of_the_workspace_and_no_formula(cast: Cast, ada: Client) -> None:
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(time_zone="America/New_York")
        made = [
            add_contact(actor=cast.ada, values={"first_name": name}, source=source, at=on(clock, days=10))
            for name, source, clock in (
                ('=HYPERLINK("http://x")', Source.API, "12:00"),
                ("Eva, the second", Source.USER, "12:30:59"),
            )
        ]
    name, lines = file_of(ada, cast, "contacts/log/added", "from=2026-03-20&to=2026-03-20")
    assert name == "contacts-added-2026-03-20-2026-03-20.csv"
    assert lines == [
        LOG_HEADS,
        f'2026-03-20 08:30:59,{made[1].pk},"Eva, the second",user,,,,,,Ada Ferrer',
        f'2026-03-20 08:00:00,{made[0].pk},"\'=HYPERLINK(""http://x"")",api,,,,,,',
    ]


def test_a_file_has_the_part_that_is_looked_into_and_nothing_where_a_filter_does_not_fit(
    shop: Shop, ada: Client
) -> None:
    cut = "metric=opened&cut_from=1773187200&cut_to=1773273600"  # 11 March
    assert len(file_of(ada, shop.cast, "conversations/log/opened")[1]) == 6
    assert len(file_of(ada, shop.cast, "conversations/log/opened", f"{DAYS}&{cut}")[1]) == 2
    unfit = f"{DAYS}&channels={shop.line.pk}"
    assert file_of(ada, shop.cast, "contacts/log/added", unfit)[1] == [LOG_HEADS]
    assert file_of(ada, shop.cast, "contacts/block/added_by_source", unfit)[1] == [""]


def test_a_program_and_an_agent_get_no_file(shop: Shop) -> None:
    for browser in (browser_of(shop.cast.ben_user), Client()):
        answer = browser.get(f"/w/{shop.cast.acme.pk}/reports/contacts/log/added.csv?{DAYS}")
        assert answer.status_code in {302, 403}
        assert MARK not in answer.content.decode()
