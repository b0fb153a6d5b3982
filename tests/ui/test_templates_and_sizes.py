"""What the content security policy forbids is in no template, and a page's styles and scripts stay small."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("*/web/templates/**/*.html") if path.is_file())
STATIC = ROOT / "workspaces/static/workspaces"
MOST_BYTES = 60 * 1024
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


def test_styles_and_scripts_of_a_page_stay_under_the_budget() -> None:
    import django_htmx  # noqa: PLC0415 - only its files are of interest

    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), STATIC / "icons.svg", htmx]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


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
