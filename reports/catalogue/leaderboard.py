"""The leaderboard: users and teams in order, by each of their figures (docs/metrics.md, "People and teams")."""

from django.utils.translation import gettext_lazy as _

from reports.catalogue import people_metrics as people
from reports.catalogue.dimensions import TEAM, USER
from reports.definitions.filters import Filter
from reports.engine.blocks import PERCENTILE_DAYS, Breakdown, Report, Section, Shape
from reports.engine.facts import Dimension, Metric

MOST = 10
COUNTS = (people.ASSIGNED, people.CLOSED, people.CONTACTS_CLOSED)
TIMES = (
    people.FIRST_RESPONSE,
    people.FIRST_ASSIGNMENT_TO_RESPONSE,
    people.AVERAGE_RESPONSE,
    people.RESOLUTION,
    people.FIRST_ASSIGNMENT_TO_CLOSE,
    people.LAST_ASSIGNMENT_TO_CLOSE,
)


def _ranks(dimension: Dimension, *metrics: Metric) -> tuple[Breakdown, ...]:
    """Return one ranking for each metric: the most first, of times the fastest."""
    return tuple(
        Breakdown(
            key=f"{dimension.key}s_by_{metric.key}",
            title=metric.title,
            metric=metric,
            dimension=dimension,
            shape=Shape.RANKS,
            most=MOST,
            keeps_empty=False,
            fastest_first=metric.is_time,
            is_ranking=True,
            percentile_days=PERCENTILE_DAYS,
        )
        for metric in metrics
    )


LEADERBOARD = Report(
    key="leaderboard",
    title=_("Leaderboard"),
    lead=_("The first ten users and teams by each figure, the fastest first where it is a time."),
    sections=(
        Section(
            key="users",
            title=_("Users"),
            explains=_("Former members stay in the figures of their time. Bots and other programs are not ranked."),
            blocks=_ranks(USER, *COUNTS, people.MESSAGES_SENT, people.COMMENTS, *TIMES),
        ),
        Section(
            key="teams",
            title=_("Teams"),
            explains=_(
                "Work belongs to the team in which the user was at that moment. That of users without a team is not ranked, and neither"
                " are comments, which keep no team."
            ),
            blocks=_ranks(TEAM, *COUNTS, people.MESSAGES_SENT, *TIMES),
        ),
    ),
    logs=people.LOGS,
    filters=(Filter.USERS, Filter.TEAMS),
)
