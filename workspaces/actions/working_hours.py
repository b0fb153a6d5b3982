"""When the team of a workspace works; reports count business time by it."""

from datetime import datetime
from itertools import pairwise

from django.db.transaction import atomic
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workspaces import events
from workspaces.access import workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actors import Actor
from workspaces.errors import ValueNotValid
from workspaces.events import record
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.working_hours import (
    DAY_MINUTES,
    MOST_STRETCHES,
    QUARTER_MINUTES,
    WEEKDAYS,
    Stretch,
    WorkingHours,
    clock,
)


@atomic
def set_working_hours(*, actor: Actor, hours: WorkingHours | None, at: datetime) -> Workspace:
    """Say when the actor's workspace works, or with None that it has no working hours; the same again is not recorded.

    ValueNotValid names the weekday in small English letters as its field, or none when it is about the whole week.
    """
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    changes = put_values(workspace, {"working_hours": None if hours is None else _checked(hours).stored()})
    if changes:
        workspace.save(update_fields=list(changes))
        record(events.WorkspaceChanged(subject_id=workspace.pk, changes=changes), actor=actor, at=at)
    return workspace


def _checked(hours: WorkingHours) -> WorkingHours:
    """Return the hours once every day of them is right."""
    if len(hours.days) != len(WEEKDAYS):
        raise ValueNotValid(sentence=_("Give the hours of seven days, Monday first."))
    if not any(hours.days):
        raise ValueNotValid(sentence=_("No day has working hours. Give one at least, or clear them all."))
    for name, day in zip(WEEKDAYS, hours.days, strict=True):
        _check_day(day, field=name)
    return hours


def _check_day(day: tuple[Stretch, ...], *, field: str) -> None:
    if len(day) > MOST_STRETCHES:
        sentence = ngettext(
            "At most %(most)s stretch fits into a day.", "At most %(most)s stretches fit into a day.", MOST_STRETCHES
        )
        raise ValueNotValid(field=field, sentence=sentence % {"most": MOST_STRETCHES})
    for stretch in day:
        _check_stretch(stretch, field=field)
    for earlier, later in pairwise(sorted(day)):
        if later.opens < earlier.closes:
            sentence = _("%(later)s begins before %(earlier)s ends. Let it begin at %(end)s or later, or remove it.")
            facts = {"later": later, "earlier": earlier, "end": clock(earlier.closes)}
            raise ValueNotValid(field=field, sentence=sentence % facts)


def _check_stretch(stretch: Stretch, *, field: str) -> None:
    if not (0 <= stretch.opens <= DAY_MINUTES and 0 <= stretch.closes <= DAY_MINUTES):
        raise ValueNotValid(field=field, sentence=_("A day goes from 00:00 to 24:00. Write times between them."))
    for minutes in (stretch.opens, stretch.closes):
        if minutes % QUARTER_MINUTES:
            before = minutes - minutes % QUARTER_MINUTES
            sentence = _("%(time)s is not on a quarter of an hour. Write %(before)s or %(after)s.")
            facts = {"time": clock(minutes), "before": clock(before), "after": clock(before + QUARTER_MINUTES)}
            raise ValueNotValid(field=field, sentence=sentence % facts)
    if stretch.closes <= stretch.opens:
        sentence = _(
            "%(stretch)s has to end after it begins. Write work over midnight as two: until 24:00, and from 00:00 of the next day."
        )
        raise ValueNotValid(field=field, sentence=sentence % {"stretch": stretch})
