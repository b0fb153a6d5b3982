"""Settings: topics of conversations and tags of messages. Both are added, renamed and switched; none is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbox.actions.message_tags import add_message_tag, change_message_tag
from inbox.actions.topic_list import add_topic, change_topic
from inbox.errors import TopicNotFound
from inbox.fingerprints import fingerprint
from inbox.models import MessageTag, Topic
from inbox.queries.settings_pages import message_tag_list, topic_list
from inbox.settings_errors import MessageTagNotFound
from inbox.web.settings_forms import NameForm
from inbox.web.settings_pages import FormPage, answer_form, url_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of

READ_OR_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class ListWords:
    """What the page of a list says."""

    title: str
    lead: str
    add: str
    none_title: str
    none_text: str


@require_safe
def settings_topics(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the topics."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    words = ListWords(
        title=_("Topics"),
        lead=_("What conversations are about. One that is off cannot be chosen any more, and stays where it is."),
        add=_("Add topic"),
        none_title=_("No topics yet"),
        none_text=_("Add the first one; agents put topics on conversations."),
    )
    return _list(request, actor, topic_list(actor), words, route="settings_topic")


@require_http_methods(READ_OR_POST)
def settings_topic_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a topic."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form = NameForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        row = add_topic(actor=actor, name=form.cleaned_data["name"], at=timezone.now())
        return _("The topic “%(name)s” is added.") % {"name": row.name}

    page = FormPage(title=_("Add topic"), act_text=_("Add topic"), back_url=url_of(actor, "settings_topics"))
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_topic_edit(request: HttpRequest, workspace_id: int, topic_id: int) -> HttpResponse:
    """Rename a topic."""
    del workspace_id
    actor = actor_of(request)
    row = _topic(actor, topic_id)
    form = _renaming(request, row.name)

    def act() -> str:
        typed = form.cleaned_data
        change_topic(actor=actor, topic_id=row.pk, name=typed["name"], seen=typed["seen"], at=timezone.now())
        return _("The topic is saved.")

    page = FormPage(title=_("Rename topic"), act_text=_("Save"), back_url=url_of(actor, "settings_topics"))
    return answer_form(request, form, act, page)


@require_POST
def settings_topic_switch(request: HttpRequest, workspace_id: int, topic_id: int) -> HttpResponse:
    """Switch a topic on or off."""
    del workspace_id
    actor = actor_of(request)
    is_active = request.POST.get("is_active") == "1"
    row = change_topic(actor=actor, topic_id=topic_id, is_active=is_active, at=timezone.now())
    return done(request, url_of(actor, "settings_topics"), _switched(row.name, is_active=is_active))


@require_safe
def settings_message_tags(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the tags of messages."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    words = ListWords(
        title=_("Message tags"),
        lead=_("Kind or tone of single messages. One that is off cannot be chosen any more, and stays where it is."),
        add=_("Add message tag"),
        none_title=_("No message tags yet"),
        none_text=_("Add the first one; agents put tags on messages."),
    )
    return _list(request, actor, message_tag_list(actor), words, route="settings_message_tag")


@require_http_methods(READ_OR_POST)
def settings_message_tag_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a tag of messages."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form = NameForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        row = add_message_tag(actor=actor, name=form.cleaned_data["name"], at=timezone.now())
        return _("The message tag “%(name)s” is added.") % {"name": row.name}

    page = FormPage(
        title=_("Add message tag"), act_text=_("Add message tag"), back_url=url_of(actor, "settings_message_tags")
    )
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_message_tag_edit(request: HttpRequest, workspace_id: int, message_tag_id: int) -> HttpResponse:
    """Rename a tag of messages."""
    del workspace_id
    actor = actor_of(request)
    row = _message_tag(actor, message_tag_id)
    form = _renaming(request, row.name)

    def act() -> str:
        typed = form.cleaned_data
        change_message_tag(actor=actor, tag_id=row.pk, name=typed["name"], seen=typed["seen"], at=timezone.now())
        return _("The message tag is saved.")

    page = FormPage(title=_("Rename message tag"), act_text=_("Save"), back_url=url_of(actor, "settings_message_tags"))
    return answer_form(request, form, act, page)


@require_POST
def settings_message_tag_switch(request: HttpRequest, workspace_id: int, message_tag_id: int) -> HttpResponse:
    """Switch a tag of messages on or off."""
    del workspace_id
    actor = actor_of(request)
    is_active = request.POST.get("is_active") == "1"
    row = change_message_tag(actor=actor, tag_id=message_tag_id, is_active=is_active, at=timezone.now())
    return done(request, url_of(actor, "settings_message_tags"), _switched(row.name, is_active=is_active))


def _list(
    request: HttpRequest, actor: Actor, found: Iterable[Topic | MessageTag], words: ListWords, *, route: str
) -> HttpResponse:
    rows = [
        {
            "row": row,
            "edit_url": url_of(actor, f"{route}_edit", row.pk),
            "switch_url": url_of(actor, f"{route}_switch", row.pk),
        }
        for row in found
    ]
    context = {"words": words, "new_url": url_of(actor, f"{route}_new"), "rows": rows}
    return render(request, "inbox/settings/labels.html", context)


def _renaming(request: HttpRequest, name: str) -> NameForm:
    first = {"name": name, "seen": fingerprint({"name": name})}
    return NameForm(request.POST if request.method == "POST" else None, initial=first)


def _switched(name: str, *, is_active: bool) -> str:
    words = _("“%(name)s” is on again.") if is_active else _("“%(name)s” is off. What has it keeps it.")
    return words % {"name": name}


def _topic(actor: Actor, topic_id: int) -> Topic:
    actor.require(Permission.SETTINGS_MANAGE)
    for row in topic_list(actor):
        if row.pk == topic_id:
            return row
    raise TopicNotFound(topic_id=topic_id)


def _message_tag(actor: Actor, message_tag_id: int) -> MessageTag:
    actor.require(Permission.SETTINGS_MANAGE)
    for row in message_tag_list(actor):
        if row.pk == message_tag_id:
            return row
    raise MessageTagNotFound(tag_id=message_tag_id)
