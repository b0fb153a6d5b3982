"""How values read on pages, in English and Spanish: pure functions that take the value and answer words."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
UNKNOWN = "–"
_SIZES = ("B", "kB", "MB", "GB", "TB")


def _spanish() -> bool:
    return (get_language() or "en").startswith("es")


def number(value: float | Decimal | None, *, decimals: int | None = None) -> str:
    """48,210 in English; 48 210 in Spanish, where four digits stay together."""
    if value is None:
        return UNKNOWN
    places = decimals if decimals is not None else (0 if isinstance(value, int) else None)
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    whole, _, rest = text.partition(".")
    if _spanish():
        whole = whole.replace(",", NARROW_SPACE if len(whole.lstrip("-")) > 5 else "")
        return f"{whole},{rest}" if rest else whole
    return f"{whole}.{rest}" if rest else whole


def share(part: float, whole: float, *, decimals: int = 1) -> str:
    """51.0% in English, 51,0 % in Spanish; unknown when there is nothing to take a share of."""
    if not whole:
        return UNKNOWN
    text = number(100 * part / whole, decimals=decimals)
    return f"{text}{NARROW_SPACE}%" if _spanish() else f"{text}%"


def size(size_bytes: int | None) -> str:
    """1.4 MB, in steps of a thousand as file managers show them."""
    if size_bytes is None:
        return UNKNOWN
    amount, unit = float(size_bytes), 0
    # 999 950 would round up to "1,000.0 kB", so the step is taken where rounding reaches it.
    while amount >= 999.95 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{number(amount, decimals=1 if unit else 0)}{NO_BREAK}{_SIZES[unit]}"


def local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


def day(on: date | datetime, *, year: bool = True) -> str:
    """21 Nov 2026; without the year, 21 Nov."""
    shown = local(on) if isinstance(on, datetime) else on
    return _short(shown, "j M Y" if year else "j M")


def _short(shown: date, pattern: str) -> str:
    """Django's short names without their dots; Spanish writes months and weekdays small."""
    words = date_format(shown, pattern, use_l10n=False).replace(".", "")
    return words.lower() if _spanish() else words


def moment(at: datetime, *, seconds: bool = False) -> str:
    """21 Nov 2026, 11:52, in the zone that is active."""
    return f"{day(at)}, {clock(at, seconds=seconds)}"


def clock(at: datetime, *, seconds: bool = False) -> str:
    return local(at).strftime("%H:%M:%S" if seconds else "%H:%M")


def when(at: datetime, *, now: datetime) -> str:
    """As short as it can be: 10:46 today, Fri this week, 12 Aug this year, 12 Aug 2025 before."""
    shown, today = local(at), local(now).date()
    if shown.date() == today:
        return clock(at)
    if timedelta(0) < today - shown.date() < timedelta(days=7):
        return _short(shown, "D")
    return day(at, year=shown.year != today.year)


def duration(length: timedelta | float) -> str:
    """45 s, 4 min 12 s, 1 h 17 min, 3 d 4 h: two units at most."""
    left = int(length.total_seconds() if isinstance(length, timedelta) else length)
    parts = []
    for seconds, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        amount, left = divmod(max(left, 0), seconds)
        parts.append((amount, unit))
    first = next((index for index, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    return " ".join(
        f"{amount}{NO_BREAK}{unit}"
        for index, (amount, unit) in enumerate(parts[first : first + 2])
        if amount or not index
    )


def waiting(length: timedelta) -> str:
    """45 s, 14 min, 1 h 17 min: from a minute on, seconds only make a list restless."""
    seconds = int(length.total_seconds())
    return duration(seconds - seconds % 60 if seconds >= 60 else seconds)


def ago(at: datetime, *, now: datetime) -> str:
    """7 min ago, in 41 s; from a week on, the day."""
    passed = now - at
    if abs(passed) >= timedelta(days=7):
        return day(at, year=local(at).year != local(now).year)
    length = _largest_unit(abs(passed))
    if passed < timedelta(0):
        return gettext("in %(duration)s") % {"duration": length}
    if passed < timedelta(seconds=5):
        return gettext("just now")
    return gettext("%(duration)s ago") % {"duration": length}


def _largest_unit(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit in (86_400, 3_600, 60):
        if seconds >= unit:
            return duration(seconds - seconds % unit)
    return duration(seconds)


def initials(name: str) -> str:
    """CM for Cleo Marín; nothing for a name without letters, such as a phone number."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    if not words:
        return ""
    chosen = [words[0], words[-1]] if len(words) > 1 else [words[0]]
    return "".join(word[0] for word in chosen).upper()
