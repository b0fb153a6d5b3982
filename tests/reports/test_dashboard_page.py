"""The dashboard as a page: who sees what on it, its lists and ways, and the blocks that come again."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Conversation
from reports.dashboard.counters import Reach, Show
from reports.web.dashboard_blocks import page_of
from reports.web.dashboard_state import DashboardState
from tests.factories import Cast, a_member, browser_of
from tests.inbox.rows import a_row
from tests.inbox.steps import a_channel, hears, later
from tests.reports.test_dashboard import a_busy_day, contact
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache")]


def at(cast: Cast, rest: str = "") -> str:
    return f"/w/{cast.acme.pk}/dashboard{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def figures(text: str) -> dict[str, str]:
    return dict(re.findall(r'data-figure="(\w+)">([^<]+)<', text))


def listed(text: str) -> list[str]:
    return re.findall(r"data-row-link>.*?<span class=\"clip\">([^<]*)</span>", text)


def block(text: str, name: str) -> str:
    found = re.search(rf'<section class="card dash-{name}".*?</section>', text)
    return " ".join(re.sub(r'<svg.*?</svg>|<span class="av .*?</span>|<[^>]+>', " ", found[0]).split()) if found else ""


def test_counters_list_and_team_stand_on_the_page(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
    text = page(browser_of(cast.ada_user), at(cast))
    assert figures(text) == {"open": "5", "assigned": "3", "unassigned": "1", "snoozed": "1"}
    assert "1 of them with a virtual agent" in text
    assert listed(text) == ["Ben's", "Ben's too", "Max's", "Nobody's", "A robot's"]
    assert "Ben Tanaka Offline 2 2" in block(text, "team")
    assert "0 of 3 here" in block(text, "team")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?show=assigned", ["Ben's", "Ben's too", "Max's"]),
        ("?show=unassigned", ["Nobody's"]),
        ("?show=snoozed", ["Snoozed"]),
        ("?show=nonsense&reach=all&after=!&first=x", ["Ben's", "Ben's too", "Max's", "Nobody's", "A robot's"]),
        ("?reach=mine", []),
    ],
)
def test_each_counter_leads_to_its_list(cast: Cast, query: str, names: list[str]) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
    assert listed(page(browser_of(cast.ada_user), at(cast, query))) == names


def test_a_snoozed_contact_shows_until_when_while_somebody_answers_too(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        snoozed = Conversation.objects.get(contact__first_name="Snoozed")
        actions.take_lock(actor=cast.max, conversation_id=snoozed.pk, at=timezone.now())
    text = page(browser_of(cast.ada_user), at(cast, "?show=snoozed"))
    assert re.search(r'<td class="waits"> <time datetime="2026', text)
    assert "is answering" not in block(text, "list")


def test_messages_open_with_the_same_list(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        hears(cast.ada, a_channel(cast.ada))
    ada = browser_of(cast.ada_user)
    for show in ("open", "assigned", "unassigned", "snoozed"):
        text = page(ada, at(cast, f"?show={show}"))
        leads = re.search(r'class="btn sm" href="([^"]+)"', text)
        assert leads is not None
        inbox = page(ada, leads[1])
        assert re.findall(r'<span class="name clip">([^<]*)</span>', inbox) == listed(text), show
    thread = re.search(r'class="person" href="([^"]+)".{,900}Cleo Marín', page(ada, at(cast, "?show=unassigned")))
    assert thread is not None
    assert "/inbox/v/unassigned/c/" in thread[1]
    assert ada.get(thread[1]).status_code == 200


def test_a_members_figure_leads_to_their_contacts(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
    ada = browser_of(cast.ada_user)
    leads = re.search(r'href="([^"]+)" aria-label="2 open, Ben Tanaka"', page(ada, at(cast)))
    assert leads is not None
    text = page(ada, leads[1])
    assert listed(text) == ["Ben's", "Ben's too"]
    assert "Ben Tanaka" in block(text, "list")
    assert "All members" in block(text, "list")
    nobody = page(ada, at(cast, f"?member={cast.ada_user.pk}"))
    assert "This member has no open contact." in nobody


def test_long_lists_have_pages(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(32):
            a_row(cast.ada, f"P{number:02}", minute=-number)
    ada = browser_of(cast.ada_user)
    text, seen = page(ada, at(cast)), []
    for words in ("1–15 of 32", "16–30 of 32", "31–32 of 32"):
        assert words in text
        seen += listed(text)
        older = re.search(r'href="([^"]+)" rel="next"', text)
        text = page(ada, older[1]) if older else text
    assert seen == [f"P{number:02}" for number in range(32)]
    newer = re.search(r'href="([^"]+)" rel="prev"', text)
    assert newer is not None
    back = page(ada, newer[1])
    assert "16–30 of 32" in back
    assert listed(back) == [f"P{number:02}" for number in range(15, 30)]


def test_whoever_sees_own_contacts_only_sees_nothing_of_others(cast: Cast) -> None:
    person, _ = a_member(cast.acme, email="own@example.com", name="Olga Own", restrictions=("show_only_mine",))
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        rows = Conversation.objects.in_workspace(cast.acme.pk).filter(contact__first_name="Max's")
        rows.update(assignee=person)
        hers = hears(cast.ada, a_channel(cast.ada), at=later(20))
        actions.assign_contact(
            actor=cast.ada, contact=Identifier.of(hers.contact_id), user_id=cast.ben_user.pk, at=later(21)
        )
        contact(cast, "Twin", email="t@example.com")
        contact(cast, "Twin too", email="t@example.com")
    text = page(browser_of(person), at(cast, "?reach=team&show=unassigned"))
    assert figures(text) == {"open": "1", "snoozed": "0"}
    assert listed(text) == ["Max's"]
    assert block(text, "team").split("Waiting", 1)[1].split() == ["Olga", "Own", "(you)", "Offline", "1", "0"]
    for other in ("Ben Tanaka", "Cleo", "Twin", "Nobody's"):
        assert other not in text


def test_blocks_come_again_all_or_by_name(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
    ada = browser_of(cast.ada_user)
    everything = page(ada, at(cast, "/now"))
    ids = ["dash-list", "dash-team", "dash-merges", "dash-activity"]
    assert re.findall(r'id="(dash-\w+)" data-block', everything) == ids
    assert figures(everything)["open"] == "5"
    assert re.findall(r'id="(dash-\w+)" data-block', page(ada, at(cast, "/now?only=team"))) == ["dash-team"]
    snoozed = page(ada, at(cast, "/now?show=snoozed&only=counters,listed"))
    assert (listed(snoozed), re.findall(r'id="(dash-\w+)" data-block', snoozed)) == (["Snoozed"], ["dash-list"])
    assert "<html" not in everything


def test_pairs_lead_to_the_page_that_merges(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        older = contact(cast, "Cleo", email="cleo@example.com")
        newer = contact(cast, "Cleopatra", email="cleo@example.com")
    ada = browser_of(cast.ada_user)
    text = page(ada, at(cast))
    assert "Merge suggestions 1 Cleopatra and Cleo Same e-mail" in block(text, "merges")
    address = f"/w/{cast.acme.pk}/contacts/{older.pk}/merge/{newer.pk}"
    assert f'href="{address}"' in text
    assert ada.get(address).status_code == 200


def test_an_empty_workspace_says_what_belongs_here(cast: Cast) -> None:
    text = page(browser_of(cast.ada_user), at(cast))
    assert figures(text) == {"open": "0", "assigned": "0", "unassigned": "0", "snoozed": "0"}
    assert "No open conversations. They appear here as soon as somebody writes" in text
    assert "No two contacts have the same phone or e-mail." in text
    assert "Nothing has happened yet." in text


def test_the_number_of_queries_is_the_same_for_one_row_and_for_twenty(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
    state = DashboardState(cast.acme.pk, Reach.TEAM, Show.OPEN)

    def grow(first: int, last: int) -> None:
        with workspace_scope(cast.acme.pk):
            for number in range(first, last):
                person = hears(cast.ada, channel, sender=f"+3460012{number:04}", at=later(number)).contact_id
                actions.assign_contact(
                    actor=cast.ada, contact=Identifier.of(person), user_id=cast.ben_user.pk, at=later(number)
                )
                for name in ("One", "Other"):
                    contact(cast, f"{name} {number}", email=f"n{number}@example.com")

    def queries() -> int:
        with workspace_scope(cast.acme.pk), CaptureQueriesContext(connection) as asked:
            page_of(cast.ada, state, at=later(60))
        return len(asked)

    grow(0, 1)
    few = queries()
    grow(1, 20)
    assert (few, queries()) == (14, 14)
