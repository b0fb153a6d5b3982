"""Kinds of notifications: each app says in its `notices.py` who may read one, where it leads, and its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from workspaces.actors import Actor
from workspaces.permissions import Permission

Subjects = Callable[[Actor], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its name."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Words:
    """A notification in the active language. tone: good, bad or plain; act: what its link says."""

    title: str
    text: str
    act: str
    icon: str
    tone: str
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """One kind. needs: the right to open its subject; route: the page of the subject, by workspace and subject; reason: why
    somebody gets mail about it. subjects: those that somebody may open, where the right alone does not say it; choice: its name
    where people choose how they are told. One that is told again about the same subject takes the place of the earlier one.
    """

    needs: Permission
    route: str
    reason: str | Promise
    words: Callable[[Mapping[str, Any]], Words]
    subjects: Subjects | None = None
    choice: str | Promise = ""


@cache
def kinds() -> dict[str, NotificationKind]:
    """Return every kind by name; the settings list the tables, because this app knows none of the apps above it."""
    found: dict[str, NotificationKind] = {}
    for table in settings.NOTIFICATION_KINDS:
        found.update(import_string(table))
    return found


def kinds_for(actor: Actor) -> list[str]:
    """Return the kinds whose subjects the actor may open: all others are as if they were not there."""
    return [name for name, kind in kinds().items() if actor.may(kind.needs)]


def choosable() -> dict[str, NotificationKind]:
    """Return the kinds of which people choose whether and how they are told, by name."""
    return {name: kind for name, kind in kinds().items() if kind.choice}
