"""Values as words: in full for tooltips and tables, short for the axis and for cells."""

from django.utils.translation import gettext

from reports.charts.shapes import Unit
from workspaces.web import formats

THOUSAND = 1_000
MILLION = 1_000_000
# Letters of the axis are 12 px high; this is wide for a system font, so that labels never touch.
LETTER_WIDTH = 6.6


def words(value: float | None, unit: Unit) -> str:
    """48,210; 4 min 12 s; 51.0%; a dash for what is not known."""
    if value is None:
        return formats.UNKNOWN
    if unit is Unit.DURATION:
        return formats.duration((value + THOUSAND / 2) // THOUSAND)  # the nearest second, as in tables and on cards
    if unit is Unit.SHARE:
        return formats.share(value, 1)
    return formats.number(int(value)) if value == int(value) else formats.number(value, decimals=1)


def axis_words(value: float, *, top: float, unit: Unit) -> str:
    """Short words of a grid line; large numbers in thousands (k) or millions (M), by the axis' end."""
    if unit is Unit.DURATION:
        return formats.duration(value / THOUSAND) if value else "0"
    if unit is Unit.SHARE:
        return percent(value)
    for size, letter, least in ((MILLION, "M", MILLION), (THOUSAND, "k", 100 * THOUSAND)):
        if top >= least:
            return f"{_plain(value / size)}{formats.NO_BREAK}{letter}" if value else "0"
    return _plain(value)


def percent(value: float) -> str:
    """25% or 2.5%: as many decimals as there are, one at most."""
    text = formats.share(value, 1)
    return text.replace(".0%", "%").replace(f",0{formats.NARROW_SPACE}%", f"{formats.NARROW_SPACE}%")


def brief(value: float, unit: Unit) -> str:
    """As short as a cell of a heat map: 998, 1.2 k, 4 min, 51%."""
    if unit is Unit.DURATION:
        return formats.duration(value / THOUSAND).partition(" ")[0]
    if unit is Unit.SHARE:
        return percent(round(value, 2))
    for size, letter in ((MILLION, "M"), (THOUSAND, "k")):
        if value >= size:
            scaled = value / size
            return f"{_plain(round(scaled, 1) if scaled < 10 else round(scaled))}{formats.NO_BREAK}{letter}"
    return _plain(round(value, 1))


def named(title: str, pairs: list[tuple[str, str]]) -> str:
    """The name of a slot: "Monday 9 November: Added 229, Deleted 27"."""
    return gettext("%(title)s: %(values)s") % {
        "title": title,
        "values": ", ".join(f"{label} {value}".strip() for label, value in pairs),
    }


def _plain(value: float) -> str:
    """A number with the decimals that it has, three at most."""
    for decimals in range(3):
        if round(value, decimals) == round(value, 3):
            return formats.number(int(value)) if not decimals else formats.number(value, decimals=decimals)
    return formats.number(value, decimals=3)
