"""What the content security policy forbids is in no template, and a page's styles and scripts stay small."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("*/web/templates/**/*.html") if path.is_file())
TEXTS = {str(path).partition("/web/templates/")[2]: path.read_text(encoding="utf-8") for path in TEMPLATES}
PAGES = [name for name, text in TEXTS.items() if "{% extends" in text or "<html" in text]
STATIC = ROOT / "workspaces/static/workspaces"
MOST_BYTES = 60_000
FORBIDDEN = {
    "inline style": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "script with a body": r"<script\b(?![^>]*\bsrc=)[^>]*>",
    "script without a nonce": r"<script\b(?![^>]*\bnonce=)[^>]*>",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "htmx handler": r"\bhx-on\b",
    "javascript address": r"javascript\s*:",
    "htmx js values": r"hx-(?:vals|headers|vars)\s*=\s*[\"']js:",
    "outside address": r"(?:src|href)=[\"']https?://",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_template_has_what_the_policy_forbids(name: str) -> None:
    pattern = re.compile(FORBIDDEN[name], re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {match.group()[:80]}"
        for path in TEMPLATES
        for match in pattern.finditer(_without_comments(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def _without_comments(text: str) -> str:
    return re.sub(r"{#.*?#}|{% comment.*?{% endcomment %}", "", text, flags=re.DOTALL)


def test_styles_and_scripts_of_every_page_stay_under_the_budget() -> None:
    """What is ours of one page: its sheets, its modules with all that they import, and the icons; htmx comes on top."""
    weights = {page: sum(map(_weight, files)) for page in PAGES if (files := _files_of(page))}
    assert len(weights) > 50
    assert {page: weight for page, weight in weights.items() if weight > MOST_BYTES} == {}


def _files_of(page: str) -> set[Path]:
    """Return what a page loads, with what its frame and its pieces load."""
    found: set[Path] = set()
    for name in _pieces(page):
        for static in re.findall(r"{% static [\"']([\w./-]+\.(?:css|js))[\"'] %}", TEXTS[name]):
            if (path := ROOT / static.split("/")[0] / "static" / static).exists():
                found |= _with_imports(path)
    return found | {STATIC / "icons.svg"} if found else found


def _pieces(name: str) -> set[str]:
    """Return a template, the one it extends and those it includes."""
    seen, left = set(), [name]
    while left:
        if (one := left.pop()) not in seen and one in TEXTS:
            seen.add(one)
            left += re.findall(r"{% (?:extends|include) [\"']([\w./-]+)[\"']", TEXTS[one])
    return seen


def _with_imports(path: Path) -> set[Path]:
    """Return a file and every module that it imports, at any depth."""
    seen, left = set(), [path]
    while left:
        if (one := left.pop()) not in seen:
            seen.add(one)
            if one.suffix == ".js":
                names = re.findall(
                    r"""(?:from|import)\s*\(?\s*["']\./([\w-]+\.js)["']""", one.read_text(encoding="utf-8")
                )
                left += [one.parent / name for name in names]
    return seen


@cache
def _weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    named = {
        (path.name, match)
        for path in TEMPLATES
        for match in re.findall(r"{% icon \"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert {(file, name) for file, name in named if name not in known} == set()


def test_styles_take_their_colours_from_the_tokens() -> None:
    """Outside tokens.css only light-dark() pairs, keywords and print's grey may stand."""
    loose = [
        f"{path.name}: {line.strip()[:90]}"
        for path in STATIC.rglob("*.css")
        if path.name != "tokens.css"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r":\s*#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", line) and "print" not in line and "card {" not in line
    ]
    assert loose == []


def test_every_module_is_imported_by_another_or_named_by_a_page() -> None:
    modules = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js"))
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    lost = [
        path.name
        for path in (STATIC / "js").glob("*.js")
        if f'"./{path.name}"' not in modules and f"js/{path.name}" not in pages
    ]
    assert lost == []
