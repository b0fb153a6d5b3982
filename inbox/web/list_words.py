from django.utils.translation import gettext_lazy as _

from inbox.queries.narrowing import Only, Sort, State

STATE_NAMES = {State.OPEN: _("Open"), State.SNOOZED: _("Snoozed"), State.CLOSED: _("Closed"), State.ALL: _("All")}
SORT_NAMES = {Sort.NEWEST: _("Newest first"), Sort.OLDEST: _("Oldest first"), Sort.WAITING: _("Waiting longest")}
ONLY_NAMES = {Only.EVERY: _("All of them"), Only.UNREAD: _("Unread"), Only.UNREPLIED: _("Not answered yet")}
