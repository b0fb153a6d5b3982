"""`manage.py recompute_tallies`: it finds what rows do not bear out, and mends it when asked."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from reports.models import ContactTally, ContactTallyDelta, MessageTally, TallyState
from reports.tallies.facts import MESSAGES
from reports.tallies.folding import fold_tallies
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.reports.tallying import assert_exact, built_everywhere, tally_rows
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def told(*words: str) -> list[str]:
    out = io.StringIO()
    call_command("recompute_tallies", *words, stdout=out)
    return out.getvalue().splitlines()


def spoil(cast: Cast) -> int:
    """Count a message twice, a line under another kind and a day that nothing happened on; return the channel."""
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel)
    fold_tallies(workspace_id=cast.acme.pk)
    with workspace_scope(cast.acme.pk), connection.cursor() as cursor:
        MessageTally.objects.in_workspace(cast.acme.pk).update(n=2)
        cursor.execute("UPDATE reports_contacttally SET kind = 'merged' WHERE kind = 'added'")
        cursor.execute(
            "INSERT INTO reports_contacttallydelta (workspace_id, slot, kind, source, channel_id, user_id, n)"
            " VALUES (%s, '2026-05-01 10:15Z', 'added', 'api', 0, 9, -1)",
            [cast.acme.pk],
        )
    return channel.pk


def test_tallies_that_are_right_are_told_as_right(cast: Cast) -> None:
    built_everywhere(cast)
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada))
    assert told() == ["2 workspaces, 0 with tallies that their rows do not bear out."]


def test_a_wrong_count_is_told_with_day_and_key_and_the_exit_code_is_1(cast: Cast) -> None:
    built_everywhere(cast)
    channel_id, number = spoil(cast), cast.acme.pk
    with pytest.raises(CommandError, match="--mend") as refused:
        told()
    assert refused.value.returncode == 1
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("recompute_tallies", "--workspace", str(number), stdout=out)
    log, key = "contacts_contactlogentry on 2026-03-02", "source=incoming_message channel_id=0 user_id=0"
    heard = "inbox_message on 2026-03-02 direction=incoming status= sender_kind=contact"
    assert out.getvalue().splitlines() == [
        f"workspace {number}: {log} kind=added {key}: tallied 0, raw 1",
        f"workspace {number}: {log} kind=merged {key}: tallied 1, raw 0",
        f"workspace {number}: contacts_contactlogentry on 2026-05-01 kind=added source=api channel_id=0 user_id=9: tallied -1, raw 0",
        f"workspace {number}: {heard} channel_id={channel_id} user_id=0 team_id=0 sender_id=0: tallied 2, raw 1",
        "1 workspaces, 1 with tallies that their rows do not bear out.",
    ]
    assert told("--workspace", str(cast.globex.pk))[-1].startswith("1 workspaces, 0 with")
    assert tally_rows(MESSAGES, cast.acme)[0][-1] == 2


def test_mending_builds_anew_what_differs(cast: Cast) -> None:
    built_everywhere(cast)
    spoil(cast)
    told("--mend")
    assert_exact(cast.acme)
    with workspace_scope(cast.acme.pk):
        assert ContactTallyDelta.objects.in_workspace(cast.acme.pk).count() == 0
        assert ContactTally.objects.in_workspace(cast.acme.pk).count() == 2
    assert told()[-1].startswith("2 workspaces, 0 with")


def test_a_workspace_without_tallies_is_told_and_mending_builds_them(cast: Cast) -> None:
    number = cast.acme.pk
    assert told("--workspace", str(number))[0] == f"workspace {number}: no tallies yet"
    told("--workspace", str(number), "--mend")
    assert_exact(cast.acme)
    with workspace_scope(cast.globex.pk):
        assert TallyState.objects.in_workspace(cast.globex.pk).count() == 0
