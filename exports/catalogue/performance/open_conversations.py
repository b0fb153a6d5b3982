"""The conversations that are open: what waits for the team or for the contact when the file is made."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.conversation_rows import (
    conversation_columns,
    conversations_before,
    conversations_source,
)
from reports.definitions.conditions import among
from reports.definitions.filters import Filter

OPEN_CONVERSATIONS = Dataset(
    key="open_conversations",
    title=_("Open conversations"),
    scope=_("One row for each conversation that is new or pending when the file is made; there is no range."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.NONE,
    filters=(Filter.CHANNELS, Filter.STATUSES),
    before=conversations_before(),
    source=conversations_source("c.status <> 'resolved'", among("upper(c.status)", Filter.STATUSES)),
    order_by="c.opened_at, c.id",
    columns=conversation_columns(is_resolved=False),
)
