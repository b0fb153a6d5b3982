"""A shop with a team for the tests of files: its people, its line, and the span that is asked for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from inbox.models import Channel
from tests.exports.reading import rows_of
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel
from workspaces.actions import change_member, create_team
from workspaces.actors import Actor
from workspaces.models import Team
from workspaces.queries import actor_of_member
from workspaces.scope import enter_workspace

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shop:
    """Acme with its scope open: Ben is in the team Support and has the reference E-041."""

    cast: Cast
    ben: Actor
    team: Team
    line: Channel

    def file(self, dataset: str, actor: Actor | None = None, **asked: Any) -> list[dict[str, str]]:
        """Return the rows of a file that Ada, or somebody else, asks for; of the day before NOON and the day after."""
        whole = {"range_from": NOON - DAY, "range_to": NOON + DAY, "export_at": NOON + DAY}
        return rows_of(dataset, actor or self.cast.ada, **{**whole, **asked})


def open_shop(cast: Cast) -> Shop:
    """Enter Acme's scope for the rest of the test, and set the shop up."""
    enter_workspace(cast.acme.pk)
    team = create_team(actor=cast.ada, name="Support", at=NOON)
    change_member(
        actor=cast.ada,
        user_id=cast.ben_user.pk,
        role="agent",
        restrictions=(),
        team_id=team.pk,
        reference="E-041",
        at=NOON,
    )
    ben = actor_of_member(user_id=cast.ben_user.pk, workspace_id=cast.acme.pk)
    return Shop(cast, ben, team, a_channel(cast.ada, account="+525500000001"))
