from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inbox.queries.narrowing import Only, Sort, State

STATE_NAMES = {
    State.OPEN: pgettext_lazy("conversations", "Open"),
    State.SNOOZED: pgettext_lazy("conversations", "Snoozed"),
    State.CLOSED: pgettext_lazy("conversations", "Closed"),
    State.ALL: pgettext_lazy("conversations", "All"),
}
SORT_NAMES = {Sort.NEWEST: _("Newest first"), Sort.OLDEST: _("Oldest first"), Sort.WAITING: _("Waiting longest")}
ONLY_NAMES = {Only.EVERY: _("All of them"), Only.UNREAD: _("Unread"), Only.UNREPLIED: _("Not answered yet")}
