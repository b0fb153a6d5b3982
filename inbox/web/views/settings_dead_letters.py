"""Settings: deliveries that could not be worked off, to let in again or to put away."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from inbox.actions.dead_letters import discard_dead_letters, replay_dead_letters
from inbox.models import InboundEvent
from inbox.queries.settings_pages import channel_rows, dead_letters, dead_letters_page
from inbox.web.settings_pages import Question, answer_question, id_of, url_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of

MOST_AT_ONCE = 10_000
LONGEST_PREVIEW = 1_500


@require_safe
def settings_dead_letters(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List them, of one channel or of all, the newest first."""
    del workspace_id
    actor = actor_of(request)
    channels = channel_rows(actor)
    channel_id = id_of(request.GET.get("channel"))
    page = dead_letters_page(
        actor,
        channel_id=channel_id,
        before=id_of(request.GET.get("before")),
        after=id_of(request.GET.get("after")),
    )
    total = sum(row.dead for row in channels if channel_id in (None, row.channel.pk))
    context = {
        "rows": [{"row": row, "payload": _preview(row)} for row in page.rows],
        "channels": [row for row in channels if row.dead or row.channel.pk == channel_id],
        "channel_id": channel_id,
        "total": total,
        "count": formats.number(total),
        "newer_url": _page_url(channel_id, after=page.newer) if page.newer else "",
        "older_url": _page_url(channel_id, before=page.older) if page.older else "",
    }
    return render(request, "inbox/settings/dead_letters.html", context)


@require_POST
def settings_dead_letters_replay(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Let the chosen ones in again."""
    del workspace_id
    actor = actor_of(request)
    count = replay_dead_letters(actor=actor, ids=_chosen(request, actor), at=timezone.now())
    words = ngettext("%(count)s delivery is let in again.", "%(count)s deliveries are let in again.", count)
    return done(request, _back(request, actor), words % {"count": formats.number(count)})


@require_POST
def settings_dead_letters_discard(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask before the chosen ones are put away, and put them away."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.CHANNEL_MANAGE)
    chosen = _chosen(request, actor)
    number = {"count": formats.number(len(chosen))}

    def act() -> str:
        count = discard_dead_letters(actor=actor, ids=chosen, at=timezone.now())
        words = ngettext("%(count)s delivery is discarded.", "%(count)s deliveries are discarded.", count)
        return words % {"count": formats.number(count)}

    asked = ngettext("Discard %(count)s delivery?", "Discard %(count)s deliveries?", len(chosen))
    act_text = ngettext("Discard %(count)s delivery", "Discard %(count)s deliveries", len(chosen))
    question = Question(
        title=asked % number,
        text=_("Its messages never reach the inbox, and the same delivery is not taken a second time."),
        act_text=act_text % number,
        keep_text=_("Keep them"),
        back_url=_back(request, actor),
        hidden=(*_hidden(request), ("sure", "1")),
    )
    return answer_question(request, act, question, is_answered=request.POST.get("sure") == "1")


def _chosen(request: HttpRequest, actor: Actor) -> list[int]:
    """Return the ids that were chosen: by hand, or all that the page lists."""
    if request.POST.get("all_matching") == "1":
        rows = dead_letters(actor, channel_id=id_of(request.POST.get("channel")))
        return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    found = (id_of(text) for text in request.POST.getlist("chosen"))
    return [number for number in found if number is not None][:MOST_AT_ONCE]


def _hidden(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    if request.POST.get("all_matching") == "1":
        return (("all_matching", "1"), ("channel", request.POST.get("channel", "")))
    channel = (("channel", request.POST.get("channel", "")),)
    return (*channel, *(("chosen", text) for text in request.POST.getlist("chosen")))


def _back(request: HttpRequest, actor: Actor) -> str:
    channel_id = id_of(request.POST.get("channel"))
    return url_of(actor, "settings_dead_letters") + (f"?channel={channel_id}" if channel_id else "")


def _page_url(channel_id: int | None, **place: int) -> str:
    return "?" + urlencode({**({"channel": channel_id} if channel_id else {}), **place})


def _preview(row: InboundEvent) -> str:
    payload: Any = row.payload
    return json.dumps(payload, indent=1, ensure_ascii=False)[:LONGEST_PREVIEW]
