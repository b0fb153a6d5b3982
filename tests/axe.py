"""axe looks at pages in a real browser: all its rules by day, and those about colours again by night."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Frame, Page

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
_LOOK = """(options) => axe.run({...options, resultTypes: ["violations"], preload: false}).then((found) => found.violations
  .map((one) => [one.impact, one.id, one.help, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))"""
# Colours that change fade for a moment, and those inside them after them; an endless animation is not waited for.
_SETTLED = """async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const fading = () => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  for (let quiet = 0; quiet < 3; quiet = fading().length ? 0 : quiet + 1) await frame();
}"""
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
_SERIOUS = ("serious", "critical")


def barriers(seen: Page | Frame) -> list[list[str]]:
    """Return all that axe finds wrong with a page as it stands."""
    seen.evaluate(_AXE)
    found: list[list[str]] = seen.evaluate(_LOOK, {})
    return found


def serious_barriers(seen: Page | Frame) -> list[list[str]]:
    """Return what axe finds serious or critical on a page as it stands, once nothing fades or slides any more."""
    seen.evaluate(_SETTLED)
    return [one for one in barriers(seen) if one[0] in _SERIOUS]


def serious_by_night(page: Page) -> list[list[str]]:
    """Return what axe finds serious or critical in the colours of the night; for a page that it has looked at by day."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(_SETTLED)
    found: list[list[str]] = page.evaluate(_LOOK, _COLOURS)
    page.emulate_media(color_scheme="light")
    return [one for one in found if one[0] in _SERIOUS]


def serious_by_day_and_night(page: Page) -> list[list[str]]:
    """Return what axe finds serious or critical on a page, by day and by night, when only its colours differ."""
    return serious_barriers(page) + serious_by_night(page)
