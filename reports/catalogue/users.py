"""The users report: one row for each person who did something (docs/metrics.md, "People and teams")."""

from django.utils.translation import gettext_lazy as _

from reports.catalogue import people_metrics as people
from reports.catalogue.dimensions import USER
from reports.definitions.filters import Filter
from reports.engine.blocks import Figures, Report, Roster, Section

COUNTS = (
    people.ASSIGNED,
    people.CLOSED,
    people.CONTACTS_CLOSED,
    people.MESSAGES_SENT,
    people.COMMENTS,
)

USERS = Report(
    key="users",
    title=_("Users"),
    lead=_("What each user did, and how long contacts waited for it."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            explains=_(
                "Times are those of conversations by the day on which they were closed, everything else counts on its own day."
            ),
            # Times until closing have no total here: over all users it would leave out what programs closed.
            blocks=(Figures(key="overview", metrics=COUNTS),),
        ),
        Section(
            key="users",
            title=_("Users"),
            explains=_(
                "Former members stay in the figures of their time. The team beside a name is that of today; the filter goes by the"
                " team in which the user was when it happened."
            ),
            blocks=(
                Roster(
                    key="by_user",
                    title=_("Figures of each user"),
                    dimension=USER,
                    metrics=(
                        *COUNTS,
                        people.FIRST_RESPONSE,
                        people.FIRST_ASSIGNMENT_TO_RESPONSE,
                        people.AVERAGE_RESPONSE,
                        people.RESOLUTION,
                        people.FIRST_ASSIGNMENT_TO_CLOSE,
                        people.LAST_ASSIGNMENT_TO_CLOSE,
                    ),
                    beside="team",
                ),
            ),
        ),
    ),
    logs=people.LOGS,
    filters=(Filter.USERS, Filter.TEAMS),
)
