"""Schedules: the list, and one with the log of its runs; switched on and off, deleted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exports import queries
from exports.access import plan_includes_exports
from exports.actions import delete_schedule, switch_schedule
from exports.actions.scheduling import MOST_SCHEDULES
from exports.catalogue import title_of
from exports.web.schedule_words import moment_in, place_of, rhythm_of, run_line, schedule_line, trouble_of
from exports.web.words import FILTER_NAMES, FORMATS
from workspaces.web.answers import dialog, done
from workspaces.web.scoping import actor_of

RUNS = 20


@require_safe
def export_schedules(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the schedules by name, each with its last run."""
    actor, at = actor_of(request), timezone.now()
    last = queries.last_runs(actor)
    lines = [schedule_line(row, last.get(row.pk), at=at) for row in queries.all_schedules(actor)]
    context = {
        "lines": lines,
        "most": MOST_SCHEDULES,
        "is_full": len(lines) >= MOST_SCHEDULES,
        "is_in_plan": plan_includes_exports(workspace_id),
    }
    return render(request, "exports/schedules.html", context)


@require_safe
def export_schedule(request: HttpRequest, workspace_id: int, schedule_id: int) -> HttpResponse:
    """Show one schedule with the log of its runs; `before` is the id of the last one shown."""
    actor, at = actor_of(request), timezone.now()
    row = queries.schedule_for_page(actor, schedule_id)
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    runs = queries.runs_page(actor, row.pk, before=before, most=RUNS + 1)
    here = reverse("export_schedule", args=[workspace_id, row.pk])
    names = {name.value: label for name, label in FILTER_NAMES.items()}
    context = {
        "schedule": row,
        "title": title_of(row.dataset),
        "rhythm": rhythm_of(row),
        "next": moment_in(row.next_at, row.time_zone) if row.is_on else "",
        "place": place_of(row),
        "trouble": trouble_of(row),
        "format": dict(FORMATS).get(row.format, row.format),
        "filters": [(names.get(name, name), len(chosen)) for name, chosen in row.filters.items() if chosen],
        "runs": [run_line(one, at=at) for one in runs[:RUNS]],
        "sends": row.destination != "history",
        "is_later_page": before is not None,
        "first_url": here,
        "older_url": f"{here}?before={runs[RUNS - 1].pk}" if len(runs) > RUNS else "",
    }
    return render(request, "exports/schedule.html", context)


@require_POST
def export_schedule_switch(request: HttpRequest, workspace_id: int, schedule_id: int) -> HttpResponse:
    """Switch a schedule on or off; from then on its files are made as those of whoever switched it on."""
    is_on = request.POST.get("on") == "1"
    row = switch_schedule(actor=actor_of(request), schedule_id=schedule_id, is_on=is_on, at=timezone.now())
    if is_on:
        text = _("The schedule is on. It runs next on %(moment)s.") % {"moment": moment_in(row.next_at, row.time_zone)}
    else:
        text = _("The schedule is off. What falls due meanwhile is not made later.")
    name = "export_schedules" if request.POST.get("from") == "list" else "export_schedule"
    return done(request, reverse(name, args=[workspace_id, *([] if name == "export_schedules" else [row.pk])]), text)


@require_http_methods(["GET", "HEAD", "POST"])
def export_schedule_delete(request: HttpRequest, workspace_id: int, schedule_id: int) -> HttpResponse:
    """Ask before a schedule is deleted, and delete it."""
    actor = actor_of(request)
    row = queries.schedule_for_page(actor, schedule_id)
    if request.method == "POST":
        delete_schedule(actor=actor, schedule_id=row.pk, at=timezone.now())
        return done(request, reverse("export_schedules", args=[workspace_id]), _("The schedule is deleted."))
    context = {
        "title": _("Delete the schedule “%(name)s”?") % {"name": row.name},
        "page_title": _("Delete a schedule"),
        "text": _("No more files are made by it. Those that it made stay in the history until they expire."),
        "action": reverse("export_schedule_delete", args=[workspace_id, row.pk]),
        "keep_text": _("Keep it"),
        "keep_url": reverse("export_schedule", args=[workspace_id, row.pk]),
        "act_text": _("Delete the schedule"),
    }
    return dialog(request, "workspaces/components/confirm.html", context)
