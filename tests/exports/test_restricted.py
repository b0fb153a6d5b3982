"""Whoever sees only some contacts gets a file of these, decided when the worker makes it."""

from dataclasses import replace

import pytest

from contacts.actions import add_contact
from contacts.models.contact import Source
from exports.actions import run_export, running
from tests.exports.readers import lines_of
from tests.exports.steps import asked, clock, content, now
from tests.factories import NOON, Cast
from workspaces.actions import create_team
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("restriction", "names"),
    [("show_only_mine", ["Mine"]), ("show_team_contacts", ["Mine", "Mate's"])],
)
def test_a_file_of_somebody_restricted_holds_their_rows(
    cast: Cast, restriction: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    max_id, ben_id, ada_id = cast.max_user.pk, cast.ben_user.pk, cast.ada_user.pk
    row = asked(cast.max)
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Sales", member_ids=[max_id, ben_id], at=NOON)
        for name, user_id in (("Mine", max_id), ("Mate's", ben_id), ("Other", ada_id)):
            values = {"first_name": name, "assignee_id": user_id}
            add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON)  # type: ignore[arg-type]
    # Only agents are restricted so, and today no agent exports: the worker is told of one who may.
    agent = replace(cast.ben, id=max_id, restrictions=frozenset({restriction}), team_id=team.pk)
    monkeypatch.setattr(running, "requester_of", lambda *_, **__: agent)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert [line[1] for line in lines_of(content(now(row)))[1:]] == names
