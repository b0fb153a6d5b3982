"""Every pair of colours that the design uses, read from tokens.css: text at 4.5 : 1, marks, borders and series at 3 : 1."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "workspaces/static/workspaces/css/tokens.css"
THEMES = ("light", "dark")
GROUNDS = ("surface", "canvas", "sunken", "raised")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (*GROUNDS, "hover", "selected", "plain-soft")),
    *(("accent-ink", ground) for ground in (*GROUNDS, "accent-soft", "selected", "hover")),
    ("accent-on", "accent"),
    ("accent-on", "accent-hover"),
    *((f"{kind}-ink", f"{kind}-soft") for kind in ("good", "warn", "bad", "bot", "plain")),
    *((f"{kind}-ink", "surface") for kind in ("good", "warn", "bad", "bot")),
    ("bad-ink", "raised"),
    ("float-ink", "float"),
    ("float-link", "float"),
]
TAGS = [f"tag-{name}" for name in ("grey", "red", "orange", "yellow", "green", "blue", "indigo", "purple")]
MARKS = [
    *((f"series-{number}", ground) for number in range(1, 7) for ground in ("surface",)),
    *((f"{kind}-mark", "surface") for kind in ("good", "warn", "bad", "bot", "plain")),
    *((mark, ground) for mark in TAGS for ground in ("surface", "plain-soft")),
    *(("line-control", ground) for ground in ("surface", "sunken", "raised")),
    *(("accent", ground) for ground in GROUNDS),
]
Rgb = tuple[float, float, float]


def _colours() -> dict[str, dict[str, Rgb]]:
    css = TOKENS.read_text(encoding="utf-8")
    found: dict[str, dict[str, Rgb]] = {}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);", css):
        if "/" not in light:
            found[name] = {"light": _rgb(light), "dark": _rgb(dark)}
    for name, other in re.findall(r"--([\w-]+): var\(--([\w-]+)\);", css.partition("@media")[0]):
        found[name] = found[other]
    return found


def _rgb(oklch: str) -> Rgb:
    """Linear sRGB of an oklch colour, kept inside the gamut as a screen does."""
    lightness, chroma, hue = (float(part) for part in oklch.removeprefix("oklch(").removesuffix(")").split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return (min(max(linear[0], 0), 1), min(max(linear[1], 0), 1), min(max(linear[2], 0), 1))


def _contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_colours_can_be_told_apart(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = _colours()
    weak = {
        f"{front} on {ground}": round(ratio, 2)
        for front, ground in pairs
        if (ratio := _contrast(colours[front][theme], colours[ground][theme])) < least
    }
    assert weak == {}


def test_white_and_black_have_the_known_contrast() -> None:
    assert _contrast(_rgb("oklch(1 0 0)"), _rgb("oklch(0 0 0)")) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_initials_can_be_read_on_all_six_hues(theme: str) -> None:
    css = (TOKENS.parent / "components.css").read_text(encoding="utf-8")
    rule = next(line for line in css.splitlines() if line.strip().startswith(".av {"))
    inks = re.findall(r"light-dark\((oklch\(.+?\)\)), (oklch\(.+?\))\)", rule)
    side = THEMES.index(theme)
    for hue in (205, 70, 20, 255, 310, 145):
        front, ground = (_rgb(pair[side].replace("var(--h)", str(hue)).replace("))", ")")) for pair in inks)
        assert _contrast(front, ground) >= 4.5
