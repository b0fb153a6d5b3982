"""HTML of mails: measured, taken apart and put together again by our own rules, then cleaned by nh3.

nh3's time grows with the square of the depth, and its parser repeats formatting elements into every block; so a mail is
first written anew from its tags: known tags and attributes only, every element closed, depth and work counted on the way.
What is too much is read as text. Whatever our own writing misses, nh3 still removes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice
from urllib.parse import unquote

import nh3

CLEANER = 1  # a higher number cleans stored mails again
MOST_BYTES = 512 * 1024
MOST_DEPTH = 200
MOST_WORK = 60_000  # elements that the parser would make
MOST_PIECES = 150_000  # texts and tags
MOST_ATTRIBUTES = 40
MOST_TEXT = 200_000
LONGEST_ADDRESS = 2000
LONGEST_STYLE = 1000

NAME = re.compile(r"[a-zA-Z][^\s/>]{0,40}")
SPACE = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?""")
SCHEME = re.compile(r"(?i)(https?|mailto|tel):")
LINK = re.compile(r"(?i)(https?://[^\s<>\"]+|mailto:[^\s<>\"]+|tel:[^\s<>\"]+)")
CID = re.compile(r"(?i)cid:(.{1,250})")
UNDISPLAYED = frozenset({"script", "style", "head", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "svg", "math", "object", "template", "select"})  # fmt: skip
VOID = frozenset({"br", "hr", "img", "col"})
FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
BLOCKS = frozenset({"p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center", "dl", "dt", "dd", "address", "article", "section", "header", "footer"})  # fmt: skip
PARAGRAPHS = frozenset({"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre"})
TAGS = VOID | FORMATTING | BLOCKS | frozenset({"span", "tbody", "thead", "tfoot", "td", "th", "colgroup", "caption", "sub", "sup", "abbr", "cite", "q", "del", "ins"})  # fmt: skip
CELL = frozenset({"align", "valign", "width", "height", "bgcolor"})
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align"},
    "font": {"color", "size", "face"},
    "table": {*CELL, "cellpadding", "cellspacing", "border"},
    "td": {*CELL, "colspan", "rowspan"},
    "th": {*CELL, "colspan", "rowspan"},
    "tr": {*CELL},
    "col": {"width", "span"},
    "ol": {"start", "type"},
    "*": {"style", "dir", "lang", "title"},
}
# No position, no background pictures, nothing that reaches out of the frame or loads anything.
STYLES = frozenset(
    """
background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing
border-style border-top border-width color direction display font font-family font-size font-style font-variant font-weight
height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width
min-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent
text-transform vertical-align white-space width word-break word-spacing
""".split()  # noqa: SIM905 - fifty words read better as a text
)  # fmt: skip


class TooMuch(ValueError):
    """More HTML than a page should show; it is read as text."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as a browser would read it."""

    name: str
    is_end: bool
    attributes: dict[str, str]


def cleaned(source: str) -> str:
    """Return the mail's HTML, safe to stand in the frame of `frame_document`; raise TooMuch."""
    return _through_nh3(rewritten(source))


def rewritten(source: str) -> str:
    """Write the HTML anew: known tags only, each closed, links with a scheme; raise TooMuch."""
    if len(source.encode("utf-8", "replace")) > MOST_BYTES:
        raise TooMuch
    out: list[str] = []
    stack: list[str] = []
    work = formatting = 0
    for number, piece in enumerate(pieces(source)):
        if number > MOST_PIECES:
            raise TooMuch
        if isinstance(piece, str):
            out.append(escape(piece, quote=False))
            continue
        if piece.name not in TAGS:
            continue
        if piece.is_end:
            if piece.name in stack:
                while True:
                    closed = stack.pop()
                    formatting -= closed in FORMATTING
                    out.append(f"</{closed}>")
                    if closed == piece.name:
                        break
            continue
        work += 1 + formatting
        if len(stack) >= MOST_DEPTH or work > MOST_WORK:
            raise TooMuch
        out.append(f"<{piece.name}{''.join(_attributes(piece))}>")
        if piece.name not in VOID:
            stack.append(piece.name)
            formatting += piece.name in FORMATTING
    out += [f"</{name}>" for name in reversed(stack)]
    return "".join(out)


def text_of(source: str) -> str:
    """Return the words of the HTML, however much it is: blocks end lines, paragraphs leave one empty, quotes get their marks."""
    words: list[str] = []
    depth = gap = 0
    for piece in islice(pieces(source[: 2 * MOST_BYTES]), MOST_PIECES):
        if isinstance(piece, str):
            text = re.sub(r"\s+", " ", piece)
            is_first = gap > 0 or not words
            if text.strip() or (text and not is_first):
                if is_first:
                    words.append("\n" * min(gap, 2) * bool(words) + "> " * depth)
                words.append(text.lstrip() if is_first or words[-1].endswith(" ") else text)
                gap = 0
        elif piece.name == "br":
            gap += 1
        elif piece.name in BLOCKS:
            gap = max(gap, 2 if piece.name in PARAGRAPHS else 1)
            if piece.name == "blockquote":
                depth = min(max(depth + (-1 if piece.is_end else 1), 0), 20)
    return "\n".join(line.rstrip() for line in "".join(words).split("\n")).strip()[:MOST_TEXT]


def pieces(source: str) -> Iterator[str | Tag]:
    """Take HTML apart as a browser does, in one pass: texts, and tags. Comments, scripts and styles are left out."""
    at = 0
    while (sign := source.find("<", at)) >= 0:
        if sign > at:
            yield unescape(source[at:sign])
        following = source[sign + 1 : sign + 2]
        if following.isascii() and following.isalpha():
            tag, at = _tag(source, sign + 1, is_end=False)
        elif following == "/" and source[sign + 2 : sign + 3].isascii() and source[sign + 2 : sign + 3].isalpha():
            tag, at = _tag(source, sign + 2, is_end=True)
        elif following and following in "!?/":
            at = _after_comment(source, sign)
            continue
        else:
            yield "<"
            at = sign + 1
            continue
        if tag is None:
            return
        if tag.name in UNDISPLAYED and not tag.is_end:
            at = _after_element(source, at, tag.name)
        else:
            yield tag
    if at < len(source):
        yield unescape(source[at:])


def _tag(source: str, start: int, *, is_end: bool) -> tuple[Tag | None, int]:
    """Read a tag from its name on; None when the source ends inside it."""
    found = NAME.match(source, start)
    if found is None:
        return None, len(source)
    name, at = found[0].lower(), found.end()
    attributes: dict[str, str] = {}
    while True:
        at = SPACE.match(source, at).end()  # type: ignore[union-attr]  # it matches nothing too
        if at >= len(source):
            return None, at
        if source[at] == ">":
            return Tag(name, is_end, attributes), at + 1
        part = ATTRIBUTE.match(source, at)
        if part is None or part.end() == at:
            at += 1
            continue
        at = part.end()
        if len(attributes) < MOST_ATTRIBUTES:
            attributes.setdefault(part[1].lower(), unescape(part[2] or part[3] or part[4] or ""))


def _after_comment(source: str, sign: int) -> int:
    if source.startswith("<!--", sign):
        if source.startswith(("<!-->", "<!--->"), sign):
            return source.index(">", sign) + 1
        end = source.find("-->", sign + 4)
        return len(source) if end < 0 else end + 3
    end = source.find(">", sign)
    return len(source) if end < 0 else end + 1


def _after_element(source: str, at: int, name: str) -> int:
    """Skip an element that shows nothing; without its end, everything after belongs to it."""
    end = re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE).search(source, at)
    return len(source) if end is None else end.end()


def _attributes(tag: Tag) -> Iterator[str]:
    known = ATTRIBUTES.get(tag.name, set()) | ATTRIBUTES["*"]
    for name, value in tag.attributes.items():
        if name not in known:
            continue
        text = value.strip()
        if name == "href":
            text = text if SCHEME.match(text) and len(text) <= LONGEST_ADDRESS else ""
        elif name == "src":
            text = _picture(text)
        elif name == "style" and (len(text) > LONGEST_STYLE or "\\" in text or "/*" in text):
            text = ""
        if text:
            yield f' {name}="{escape(text[:LONGEST_ADDRESS])}"'


def _picture(address: str) -> str:
    """Return a picture's address if it may ever be shown: of the web, or a part of the mail."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    part = CID.fullmatch(address)
    if part:
        return "cid:" + unquote(part[1]).strip("<> ")
    return address if address.lower().startswith(("https://", "http://")) else ""


def frame_document(html: str, *, show_images: bool, inside: Mapping[str, str] | None = None) -> str:
    """Return the page for the sandboxed frame. `inside` gives the mail's own pictures by content id, as data: addresses.

    Pictures from elsewhere tell their sender that the mail was read, so they stay off until somebody asks for them.
    """
    pictures = {key.lower(): value for key, value in (inside or {}).items()}

    def shown(tag: str, name: str, value: str) -> str | None:
        if (tag, name) != ("img", "src"):
            return value
        part = CID.fullmatch(value)
        if part:
            return pictures.get(part[1].lower())
        return value if show_images else None

    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="Content-Security-Policy" content="{frame_policy(show_images=show_images)}">'
        "<style>body{margin:12px;font:14px/1.5 system-ui,sans-serif;color:#1d2126;background:#fff;overflow-wrap:anywhere}"
        "img{max-width:100%;height:auto}table{max-width:100%}</style></head><body>"
        f"{_through_nh3(html, pictures=shown)}</body></html>"
    )


def _through_nh3(html: str, *, pictures: Callable[[str, str, str], str | None] | None = None) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=pictures,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        filter_style_properties=set(STYLES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )


def content_ids_in(source: str) -> frozenset[str]:
    """Return the parts of the mail that its HTML shows, in small letters."""
    found = re.findall(r"(?i)\bcid:([^\s\"'<>)]{1,250})", source)
    return frozenset(unquote(unescape(one)).lower() for one in found)


def has_outside_pictures(html: str) -> bool:
    """Tell whether cleaned HTML names pictures of the web."""
    return re.search(r'<img [^>]*src="https?://', html) is not None


def frame_policy(*, show_images: bool) -> str:
    """Return the frame's own content security policy: no script, nothing from anywhere, pictures when asked for."""
    pictures = "data: https: http:" if show_images else "data:"
    return f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def as_html(text: str) -> str:
    """Return a plain text as simple HTML, for the second half of a mail that we write."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        parts = LINK.split(line)
        lines.append(
            "".join(
                f'<a href="{escape(part)}">{escape(part)}</a>' if number % 2 else escape(part, quote=False)
                for number, part in enumerate(parts)
            )
        )
    return "<div>" + "<br>\n".join(lines) + "</div>"
