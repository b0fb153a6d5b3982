"""Where a web chat may be shown, how often it may be asked, and how large it is."""

from pathlib import Path

import pytest
from django.test import Client

from inbox.channels.contract import NotReadable
from inbox.channels.web_chat import CONNECTOR, Looks, SettingNotReadable, embed_snippet, origin_of
from inbox.models import Channel
from inbox.widget import limits, pages
from tests.channels.widget import SITE, VisitorBrowser, a_chat, code_of, vouched
from tests.factories import Cast
from workspaces.scope import workspace_scope

ROOT = Path(__file__).resolve().parents[2]
MOST_SCRIPT_BYTES = 30_000


@pytest.fixture
def chat(cast: Cast, fresh_cache: None) -> Channel:
    return a_chat(cast.ada)


# Origins


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        (" HTTPS://Shop.Example.com/de/?q=1#top ", "https://shop.example.com"),
        ("shop.example.com", "https://shop.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("https://*.example.com", "https://*.example.com"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_a_site_is_kept_as_its_origin(line: str, origin: str) -> None:
    assert origin_of(line) == origin


@pytest.mark.parametrize(
    "line",
    [
        "*",
        "https://*",
        "javascript:alert(1)",
        "https://a b.example.com",
        "https://shop.example.com; script-src *",
        "https://shop.example.com'self'",
        "https://user@shop.example.com",
        "https://shop.example.com:99999",
        "https://shop.*.com",
        "null",
        "ftp://shop.example.com",
        "https://",
    ],
)
def test_what_is_no_site_is_refused_and_allows_nobody(line: str) -> None:
    if line != "null":  # a host name like any other; the browser's "null" is no origin and matches nothing
        with pytest.raises(SettingNotReadable):
            CONNECTOR.clean({"origins": [line]})
    looks = Looks.of({"origins": [line]}, name="x")
    assert not any(
        looks.allows(origin) for origin in (line, "null", "https://evil.example", "https://shop.example.com")
    )


def test_a_wildcard_is_of_subdomains_only() -> None:
    looks = Looks.of({"origins": "https://*.example.com"}, name="x")
    assert looks.allows("https://shop.example.com")
    assert looks.allows("https://a.b.example.com")
    for other in ("https://example.com", "https://evilexample.com", "http://shop.example.com", "https://.example.com"):
        assert not looks.allows(other)


def test_odd_settings_become_the_usual_ones() -> None:
    looks = Looks.of({"colour": "red;}", "position": "middle", "anonymous_files": "yes"}, name="Shop chat")
    assert (looks.colour, looks.position, looks.anonymous_files, looks.name) == ("#00616a", "right", False, "Shop chat")
    with pytest.raises(SettingNotReadable):
        CONNECTOR.clean({"origins": [SITE], "colour": "red"})


@pytest.mark.parametrize(("colour", "ink"), [("#00616a", "#ffffff"), ("#ffee00", "#000000"), ("#777777", "#000000")])
def test_words_on_the_colour_can_be_read(colour: str, ink: str) -> None:
    assert pages.ink_on(colour) == ink


@pytest.mark.django_db
def test_another_site_gets_no_answer(chat: Channel) -> None:
    for origin in ("https://evil.example", "null", "https://shop.example.com.evil.example", "http://shop.example.com"):
        answer = VisitorBrowser(chat, origin=origin).starts()
        assert (answer.status_code, code_of(answer)) == (403, "widget.origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.django_db
def test_a_site_of_the_channel_may_ask(chat: Channel) -> None:
    browser = VisitorBrowser(chat, origin=SITE)
    answer = browser.starts()
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert answer.cookies == {}
    refused = browser.ask("post", "messages", {})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (400, SITE)
    preflight = browser.ask("options", "messages")
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Headers"]) == (
        204,
        "Authorization, Content-Type",
    )


@pytest.mark.django_db
def test_our_own_frame_may_ask(chat: Channel) -> None:
    answer = VisitorBrowser(chat, origin="http://testserver").starts()
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


# The script and the frame


@pytest.mark.django_db
def test_the_frame_shows_on_the_channels_sites_only(chat: Channel) -> None:
    answer = Client().get("/widget/chatkey/frame", {"parent": SITE, "language": "es-ES"})
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert f"frame-ancestors {SITE}" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert 'lang="es"' in answer.content.decode()
    assert answer.cookies == {}
    for parent in ("https://evil.example", "", "*", f"{SITE} https://evil.example"):
        refused = Client().get("/widget/chatkey/frame", {"parent": parent})
        assert refused.status_code == 403
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    assert Client().get("/widget/nothing/frame", {"parent": SITE}).status_code == 404


@pytest.mark.django_db
def test_the_script_can_be_included_anywhere(chat: Channel) -> None:
    answer = Client().get("/widget/chatkey.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in answer.headers["Cache-Control"]
    assert answer.cookies == {}
    assert "__CONFIG__" not in answer.content.decode()
    assert Client().get("/widget/nothing.js").status_code == 404
    assert embed_snippet(chat) == '<script async src="http://127.0.0.1/widget/chatkey.js"></script>'


@pytest.mark.django_db
def test_a_name_cannot_leave_the_script(cast: Cast, fresh_cache: None) -> None:
    a_chat(cast.ada, name='</script><script>alert("x")//', colour="#123456")
    script = Client().get("/widget/chatkey.js").content.decode()
    assert '"name":"</script><script>alert(\\"x\\")//"' in script
    page = Client().get("/widget/chatkey/frame", {"parent": SITE}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_the_scripts_are_small(chat: Channel) -> None:
    ours = sum(path.stat().st_size for path in (ROOT / "inbox/static/inbox/widget").glob("*.js"))
    assert len(Client().get("/widget/chatkey.js").content) + ours < MOST_SCRIPT_BYTES


# Rates


@pytest.mark.django_db
def test_nobody_makes_conversations_by_the_thousand(chat: Channel) -> None:
    statuses = []
    for _ in range(20):
        browser = VisitorBrowser(chat)
        browser.starts()
        statuses.append(browser.writes().status_code)
    assert statuses.count(202) <= limits.FIRST_MESSAGES_OF_ADDRESS[1] + 1
    assert statuses[-1] == 429
    elsewhere = VisitorBrowser(chat, address="203.0.113.9")
    elsewhere.starts()
    assert elsewhere.writes().status_code == 202


@pytest.mark.django_db
def test_many_addresses_meet_the_chats_own_limit(chat: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIRST_MESSAGES_OF_CHAT", (0.01, 5))
    statuses = []
    for number in range(8):
        browser = VisitorBrowser(chat, address=f"203.0.113.{number}")
        browser.starts()
        statuses.append(browser.writes().status_code)
    assert statuses == [202] * 5 + [429] * 3


@pytest.mark.django_db
def test_one_visitor_meets_a_limit_and_is_told_when(chat: Channel) -> None:
    browser = VisitorBrowser(chat)
    browser.starts(vouched("42"))
    answers = [browser.writes() for _ in range(25)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert code_of(answers[-1]) == "workspaces.rate_exceeded"


@pytest.mark.django_db
def test_identities_are_not_tried_by_the_thousand(chat: Channel) -> None:
    browser = VisitorBrowser(chat)
    tried = [browser.starts({"external_id": "42", "hash": f"{number:064x}"}).status_code for number in range(35)]
    assert tried[0] == 401
    assert tried[-1] == 429


# The connector


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"external_id": "visitor:1"},
        {"external_id": "visitor:1", "message_id": "1"},
        {"external_id": "visitor:1", "message_id": "1", "at_ms": 1, "files": [{"file_id": "7"}]},
    ],
)
def test_what_the_widget_did_not_store_is_not_read(payload: dict[str, object]) -> None:
    with pytest.raises(NotReadable):
        CONNECTOR.read(payload, {})


@pytest.mark.django_db
def test_a_chat_without_sites_is_shown_nowhere(cast: Cast, chat: Channel) -> None:
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=chat.pk).update(settings={})
    assert Client().get("/widget/chatkey/frame", {"parent": SITE}).status_code == 403
