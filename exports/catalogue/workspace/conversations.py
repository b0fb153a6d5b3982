"""The conversations that were opened within a range, with the figures that the inbox keeps on them."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.workspace.conversation_columns import OF_CLOSING_AND_OPENING, OF_FIGURES, OF_THREAD
from reports.definitions.conditions import among, seen, within
from reports.definitions.conversations import ASSIGNEE
from reports.definitions.filters import Filter

# Every figure is a column of the conversation (docs/metrics.md), in the order of its index `conversations_by_opening`.
SOURCE = f"""inbox_conversation c
  LEFT JOIN (SELECT id, name FROM workspaces_team WHERE workspace_id = %(workspace_id)s
             UNION ALL
             SELECT team_id, name FROM workspaces_formerteam WHERE workspace_id = %(workspace_id)s) t ON t.id = c.closed_by_team_id
 WHERE c.workspace_id = %(workspace_id)s AND {within("c.opened_at")}
   AND {among("c.channel_id", Filter.CHANNELS)}
   AND {among("CASE WHEN c.status = 'resolved' THEN 'closed' ELSE 'open' END", Filter.CONVERSATION_STATES)}
   AND {among(f"coalesce({ASSIGNEE}, 0)", Filter.ASSIGNEES)}
   AND {seen("c.contact_id")}"""  # noqa: S608 - fixed text, values are parameters

CONVERSATIONS = Dataset(
    key="conversations",
    title=_("Conversations"),
    scope=_(
        "One row for each conversation that was opened within the range, open or closed; what is about its closing stays empty"
        " while it is open."
    ),
    family=Family.WORKSPACE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.CONVERSATION_STATES, Filter.ASSIGNEES),
    source=SOURCE,
    order_by="c.opened_at, c.id",
    columns=(*OF_THREAD, *OF_CLOSING_AND_OPENING, *OF_FIGURES),
)
