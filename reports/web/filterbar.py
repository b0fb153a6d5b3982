"""The bar above a report: the range, the chips of the filters, and what else could narrow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.definitions.filters import Filter
from reports.engine.blocks import Figures, Report, Trend, metrics_of
from reports.engine.filters import SPECS, Choice, Offer, choices_of
from reports.engine.periods import Preset, frequencies_of
from reports.engine.reading import Reading
from reports.web import words
from reports.web.state import PageState

MOST_NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is in use or just being added."""

    name: str
    title: str
    names: Sequence[str]  # of what is chosen
    words: str  # the same, short
    remove_url: str
    kind: str  # choose, search or ids
    choices: Sequence[Choice]
    chosen: frozenset[int | str]
    search_url: str = ""
    is_new: bool = False


def filter_bar(reading: Reading, state: PageState, *, adding: str, today: date) -> dict[str, Any]:
    """Return what the bar's template prints. Runs inside `report_scope`."""
    period = reading.period
    preset = ""
    if not (state.first("from") or state.first("to")):
        preset = state.first("range") if state.first("range") in set(Preset) else Preset.LAST_30.value
    page_url = state.here_url(dict.fromkeys(state.given)).partition("?")[0]
    blocks = state.report.blocks.values()
    names = [name for name in state.report.filters if name in reading.filters or name.value == adding]
    chips = [_chip(name, reading, state, is_new=name.value == adding) for name in names]
    return {
        "range_words": words.period_words(period, preset=preset, today=today),
        "printed": _printed(reading, state, chips, preset=preset),
        "compared_words": words.range_words(
            period.preceding.first, period.preceding.last, year=period.preceding.first.year != today.year
        ),
        "is_today": period.first == period.last == today,
        "zone": period.zone.key.replace("_", " "),
        "presets": [
            {
                "label": label,
                "url": state.here_url({"range": key.value, "from": None, "to": None, "frequency": None}),
                "current": key.value == preset,
            }
            for key, label in words.PRESETS.items()
        ],
        "first": period.first,
        "last": period.last,
        "today": today,
        "is_custom": not preset,
        "frequencies": [
            {
                "label": str(words.FREQUENCIES[frequency]),
                "value": frequency.value,
                "url": state.here_url({"frequency": frequency.value}),
                "current": frequency is period.frequency,
            }
            for frequency in frequencies_of(period.days)
        ],
        # Whatever days are typed into the form: a frequency too fine for them gives way to the usual one.
        "all_frequencies": [{"label": label, "value": key.value} for key, label in words.FREQUENCIES.items()],
        "frequency": state.first("frequency"),
        "time": state.first("time"),
        "preset": preset,
        "chips": chips,
        "others": [
            {"title": str(SPECS[name].title), "url": state.here_url({"add": name.value})}
            for name in state.report.filters
            if name not in names
        ],
        "clear_url": page_url,
        "is_narrowed": bool(reading.filters) or preset != Preset.LAST_30.value,
        "page_url": page_url,
        "cut": list(state.cut.items()) if state.log else [],
        "has_times": has_times(state.report),
        "hours_urls": {"all": state.here_url({"time": None}), "working": state.here_url({"time": "working"})},
        "has_buckets": not state.log and any(isinstance(block, Trend) for block in blocks),
        "has_comparison": not state.log
        and any(isinstance(block, Figures) or (isinstance(block, Trend) and block.compares) for block in blocks),
    }


def _printed(reading: Reading, state: PageState, chips: Sequence[Chip], *, preset: str) -> list[str]:
    """Return what the buttons of the bar say, for paper: days with their year, how times are counted, every chosen value."""
    days = words.range_words(reading.period.first, reading.period.last)
    lines = [f"{words.PRESETS[Preset(preset)]}: {days}" if preset else days]
    if reading.working is not None and has_times(state.report):
        lines.append(_("Working hours"))
    titled = _("%(title)s: %(values)s")
    return lines + [titled % {"title": chip.title, "values": ", ".join(chip.names)} for chip in chips if chip.names]


def has_times(report: Report) -> bool:
    """Tell whether a report has lengths of time, which working hours change."""
    return any(metric.span for block in report.blocks.values() for metric in metrics_of(block))


def _chip(name: Filter, reading: Reading, state: PageState, *, is_new: bool) -> Chip:
    spec = SPECS[name]
    values = reading.filters.get(name, ())
    choices = choices_of(name, workspace_id=reading.actor.workspace_id, using=reading.using, chosen=values)
    labels = {choice.value: choice.label for choice in choices}
    chosen = [labels.get(value, f"#{value}") for value in values]
    kinds = {Offer.CONTACTS: "search", Offer.CONVERSATIONS: "ids"}
    return Chip(
        name=name.value,
        title=str(spec.title),
        names=chosen,
        words=_value_words(chosen),
        remove_url=state.here_url({name.value: None}),
        kind=kinds.get(spec.offer, "choose"),
        choices=choices,
        chosen=frozenset(values),
        search_url=reverse("report_contacts", args=[state.workspace_id]) if spec.offer is Offer.CONTACTS else "",
        is_new=is_new,
    )


def _value_words(names: Sequence[str]) -> str:
    if not names:
        return _("choose")
    if len(names) > MOST_NAMED:
        return _("%(count)s chosen") % {"count": len(names)}
    return _(" or ").join(names)
