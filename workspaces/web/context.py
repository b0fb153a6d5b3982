"""What the shell around every page shows: where one is, where one can go, and who one is."""

from dataclasses import dataclass, field
from functools import partial

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from workspaces.actors import Actor
from workspaces.errors import MemberNotFound
from workspaces.models import User
from workspaces.permissions import ROLE_NAMES, Permission
from workspaces.queries import MOST_COUNTED, actor_of_member, unseen_count, workspaces_of_person
from workspaces.scope import workspace_scope
from workspaces.web.presence import PresenceSwitch, presence_switch
from workspaces.web.sockets import socket_url

LAST_WORKSPACE = "workspace_id"  # in the session: where the person was last


@dataclass(frozen=True, slots=True)
class NavItem:
    key: str
    label: str
    icon: str
    url: str
    current: bool
    children: list["NavItem"] = field(default_factory=list)
    fragment: str = ""  # where the children come from when another app knows them


@dataclass(frozen=True, slots=True)
class WorkspaceChoice:
    id: int
    name: str
    role: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    email: str
    theme: str
    language: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything that the frame of a page needs; fragments have no frame, and never ask for it."""

    theme: str = ""
    user: Person | None = None
    workspace: WorkspaceChoice | None = None
    workspaces: list[WorkspaceChoice] = field(default_factory=list)
    nav: list[NavItem] = field(default_factory=list)
    search_url: str = ""
    unseen: object = ""
    unseen_url: str = ""
    shortcuts_off: bool = False
    presence: object = None
    socket_url: str = ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell`, and the actor as `actor` for showing or hiding acts.

    The frame is worked out when a template asks for it: a fragment has none, and so costs none of its queries.
    """
    nonce = getattr(request, "csp_nonce", "")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": Shell(), "actor": None, "csp_nonce": nonce}
    actor: Actor | None = getattr(request, "actor", None)
    return {"actor": actor, "csp_nonce": nonce, "shell": SimpleLazyObject(partial(_frame, request, user, actor))}


def _frame(request: HttpRequest, user: User, actor: Actor | None) -> Shell:
    here = actor or _last_actor(request)
    current_id = here.workspace_id if here else None
    choices = workspaces_of(user.pk, current_id=current_id)
    current = next((choice for choice in choices if choice.current), None)
    return Shell(
        theme=user.theme,
        user=Person(
            id=user.pk,
            name=user.name,
            email=user.email,
            theme=user.theme,
            language=user.language,
        ),
        workspace=current,
        workspaces=choices,
        nav=_navigation(request, here) if here else [],
        search_url=reverse("search", args=[here.workspace_id]) if here else "",
        unseen=SimpleLazyObject(partial(_unseen, here)) if here else "",
        unseen_url=reverse("notifications_count", args=[here.workspace_id]) if here else "",
        shortcuts_off=not user.shortcuts_on,
        presence=SimpleLazyObject(partial(_presence, here)) if here and current else None,
        socket_url=socket_url(request, here.workspace_id) if here and current else "",
    )


def count_words(count: int) -> str:
    """Return how many there are for a small round badge; none is nothing."""
    return "" if not count else str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def _unseen(actor: Actor) -> str:
    """Count in the page's own scope; a page without one, such as a person's account, opens it for that."""
    if connection.in_atomic_block:
        return count_words(unseen_count(actor))
    with workspace_scope(actor.workspace_id):
        return count_words(unseen_count(actor))


def _presence(actor: Actor) -> PresenceSwitch | None:
    if connection.in_atomic_block:
        return presence_switch(actor)
    with workspace_scope(actor.workspace_id):
        return presence_switch(actor)


def _last_actor(request: HttpRequest) -> Actor | None:
    """Return who the person is in the workspace they came from, so that account pages keep its navigation."""
    last = request.session.get(LAST_WORKSPACE)
    if last is None or connection.in_atomic_block:
        return None
    try:
        with workspace_scope(last):
            return actor_of_member(user_id=request.user.pk or 0, workspace_id=last)
    except MemberNotFound:
        return None


def workspaces_of(user_id: int, *, current_id: int | None = None) -> list[WorkspaceChoice]:
    """Return the workspaces of a person by name, each with the address where they work in it."""
    return [
        WorkspaceChoice(
            id=row.id,
            name=row.name,
            role=str(ROLE_NAMES[row.role]),
            url=reverse("inbox", args=[row.id]),
            current=row.id == current_id,
        )
        for row in workspaces_of_person(user_id)
    ]


def _navigation(request: HttpRequest, actor: Actor) -> list[NavItem]:
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    workspace_id = actor.workspace_id

    def item(key: str, label: str, icon: str, *, current: bool, children: list[NavItem] | None = None) -> NavItem:
        return NavItem(key, label, icon, reverse(key, args=[workspace_id]), current, children or [])

    items = []
    if actor.may(Permission.MESSAGE_READ):
        items.append(item("dashboard", _("Dashboard"), "home", current=name.startswith("dashboard")))
        items.append(_messages(request, actor, is_open=name.startswith(("inbox", "custom_inbox"))))
    if actor.may(Permission.CONTACT_LIST):
        items.append(item("contacts", _("Contacts"), "contacts", current=name.startswith("contact")))
    if actor.may(Permission.REPORT_READ):
        items.append(_reports(request, actor, is_open=name.startswith("report")))
    items.append(item("notifications", _("Notifications"), "bell", current=name.startswith("notification")))
    children = _settings_children(actor, name, workspace_id)
    if children:
        in_settings = any(child.current for child in children)
        items.append(NavItem("settings", _("Settings"), "settings", children[0].url, in_settings, children))
    return items


def _messages(request: HttpRequest, actor: Actor, *, is_open: bool) -> NavItem:
    """Return the way to the inbox; its inboxes come with their counts by a fragment of their own."""
    matched = request.resolver_match
    view = matched.kwargs.get("view", "") if matched and is_open else ""
    fragment = f"{reverse('inbox_nav', args=[actor.workspace_id])}?view={view}" if is_open else ""
    return NavItem(
        "inbox", _("Messages"), "inbox", reverse("inbox", args=[actor.workspace_id]), is_open, fragment=fragment
    )


def _reports(request: HttpRequest, actor: Actor, *, is_open: bool) -> NavItem:
    """Return the way to the reports, in the order in which people ask for them."""
    pages = (
        ("conversations", _("Conversations")),
        ("responses", _("Responses")),
        ("resolutions", _("Resolutions")),
        ("messages", _("Messages")),
        ("contacts", _("Contacts")),
        ("assignments", _("Assignments")),
        ("leaderboard", _("Leaderboard")),
        ("users", _("Users")),
        ("broadcasts", _("Broadcasts")),
        ("logs", _("Logs")),
    )
    matched = request.resolver_match
    shown = matched.kwargs.get("report", "") if matched and is_open else ""
    children = [
        NavItem(key, label, "", reverse("report", args=[actor.workspace_id, key]), key == shown) for key, label in pages
    ]
    return NavItem("reports", _("Reports"), "chart", children[0].url, is_open, children)


def _settings_children(actor: Actor, name: str, workspace_id: int) -> list[NavItem]:
    pages = (
        ("settings_general", _("General"), Permission.SETTINGS_MANAGE, "settings_general"),
        ("settings_working_hours", _("Working hours"), Permission.SETTINGS_MANAGE, "settings_working_hours"),
        ("settings_users", _("Users"), Permission.MEMBER_MANAGE, ("settings_user", "settings_invit")),
        ("settings_teams", _("Teams"), Permission.TEAM_MANAGE, "settings_team"),
        ("settings_away_states", _("Away states"), Permission.SETTINGS_MANAGE, "settings_away_state"),
        ("settings_channels", _("Channels"), Permission.CHANNEL_MANAGE, ("settings_channel", "settings_dead_letter")),
        ("settings_virtual_agents", _("Virtual agents"), Permission.CHANNEL_MANAGE, "settings_virtual_agent"),
        ("settings_behaviour", _("Inbox behaviour"), Permission.SETTINGS_MANAGE, "settings_behaviour"),
        (
            "settings_closing",
            _("Closing notes"),
            Permission.SETTINGS_MANAGE,
            ("settings_closing", "settings_category"),
        ),
        ("settings_survey", _("Satisfaction survey"), Permission.SETTINGS_MANAGE, "settings_survey"),
        ("settings_topics", _("Topics"), Permission.SETTINGS_MANAGE, "settings_topic"),
        ("settings_message_tags", _("Message tags"), Permission.SETTINGS_MANAGE, "settings_message_tag"),
        ("settings_snippets", _("Snippets"), Permission.SNIPPET_MANAGE, "settings_snippet"),
        ("settings_files", _("Files"), Permission.FILE_MANAGE, "settings_file"),
        ("settings_fields", _("Contact fields"), Permission.FIELD_MANAGE, ("settings_field", "settings_stage")),
        ("settings_tags", _("Tags"), Permission.TAG_MANAGE, "settings_tag"),
        ("settings_tokens", _("API tokens"), Permission.TOKEN_MANAGE, "settings_token"),
        ("settings_hooks", _("Webhooks"), Permission.HOOK_MANAGE, "settings_hook"),
        ("imports", _("Data import"), Permission.IMPORT_RUN, "import"),
        ("exports", _("Data export"), Permission.DATA_EXPORT, "export"),
    )
    return [
        NavItem(key, label, "", reverse(key, args=[workspace_id]), name.startswith(prefix))
        for key, label, permission, prefix in pages
        if actor.may(permission)
    ]
