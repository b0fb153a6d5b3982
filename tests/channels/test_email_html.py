"""HTML of mails: what it may be, and how long it may take."""

import time

import pytest

from inbox.channels.email import html


def test_what_is_harmless_stays_and_the_rest_goes() -> None:
    source = (
        '<p onclick="x()" style="color:red;position:fixed;background:url(http://t.test)">Hi <b>you</b></p>'
        '<script>alert(1)</script><svg onload="x"><a href="javascript:alert(1)">a</a></svg><form><input></form>'
        '<a href="https://good.test/?a=1&b=2">good</a><a href="//evil.test">rel</a><a href="jav&#x09;ascript:x">js</a>'
    )
    clean = html.cleaned(source)
    assert clean.startswith('<p style="color:red">Hi <b>you</b></p>')
    assert 'href="https://good.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"' in clean
    for word in ("script", "svg", "onclick", "evil.test", "form", "input", "position", "t.test"):
        assert word not in clean


def test_text_that_looks_like_markup_stays_text() -> None:
    assert html.cleaned("1 &lt; 2 &amp;lt; <3 &#60;script&#62;") == "1 &lt; 2 &amp;lt; &lt;3 &lt;script&gt;"


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "x",
        "<p>hello</p>" * 500_000,
        "<div " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
        '<p style="' + "color:red;" * 100_000 + '">x</p>',
        "<div>" + "<b>" * 150 + "</div>" + "<div>x</div>" * 40_000,
        "<!--" * 100_000,
        "<" * 500_000,
        "<style>" * 70_000,
        '<a href="' * 50_000,
        "&#x" * 150_000,
    ],
    ids=["depth", "size", "attributes", "styles", "formatting", "comments", "signs", "raw", "quotes", "entities"],
)
def test_a_flood_is_cleaned_or_read_as_text_within_a_second(source: str) -> None:
    began = time.thread_time()
    try:
        html.cleaned(source)
    except html.TooMuch:
        html.text_of(source)
    assert time.thread_time() - began < 1


def test_pictures_from_elsewhere_are_off_until_asked_for() -> None:
    clean = html.cleaned(
        '<img src="https://t.test/x.gif" alt="a>b"><img src="cid:Logo%40x"><img src="data:image/png;,x">'
    )
    assert html.has_outside_pictures(clean)
    closed = html.frame_document(clean, show_images=False, inside={"logo@X": "data:image/png;base64,AAAA"})
    assert "t.test" not in closed
    assert 'src="data:image/png;base64,AAAA"' in closed
    assert "img-src data:;" in closed
    opened = html.frame_document(clean, show_images=True)
    assert 'src="https://t.test/x.gif"' in opened
    assert "cid:" not in opened


def test_the_parts_that_the_html_shows_are_known() -> None:
    assert html.content_ids_in('<img src="cid:Logo%40x"><img src=cid:two>') == {"logo@x", "two"}


def test_what_we_write_is_escaped_and_its_links_are_links() -> None:
    assert html.as_html('<b> & "x"\nhttps://x.test/?a=1&b') == (
        '<div>&lt;b&gt; &amp; "x"<br>\n<a href="https://x.test/?a=1&amp;b">https://x.test/?a=1&amp;b</a></div>'
    )
