"""The second wall as PostgreSQL knows it, and what it does without any help from the code."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from config.env import SettingsError
from config.roles import refuse_dangerous_role
from contacts.actions import add_contact
from contacts.models import Contact
from contacts.models.contact import Source
from tests.factories import NOON, Cast
from tests.walls.tearing import asked, walled_tables
from workspaces.actors import Actor
from workspaces.models import EventRecord, Workspace
from workspaces.scope import workspace_scope

# Staging of the import job: COPY cannot write to a walled table, and only the job's row leads to it.
WITHOUT_A_WALL: set[str] = set()

DEFINER_FUNCTIONS = {
    "attachments_due",
    "channel_by_key",
    "channel_by_token",
    "channels_of_kind",
    "contacts_matching",
    "early_statuses_due",
    "every_workspace",
    "export_schedules_due",
    "exports_due",
    "forget_deliveries",
    "forget_hook_deliveries",
    "forget_idempotency_keys",
    "hooks_due",
    "imports_due",
    "imports_oldest_unclaimed",
    "inbound_due",
    "invitation_by_digest",
    "locks_unseen_since",
    "messages_due",
    "messages_matching",
    "notifications_due",
    "presences_quiet_since",
    "quiet_conversations",
    "runs_due",
    "snoozes_due",
    "survey_by_digest",
    "tallies_due",
    "token_by_digest",
    "workspaces_of_person",
}


# They analyze tables, which only an owner may, and touch no row.
OWNERS_FUNCTIONS = {"imports_analyze", "imports_analyze_contacts"}


def add_everywhere(cast: Cast) -> None:
    for workspace in (cast.acme, cast.globex):
        with workspace_scope(workspace.pk):
            system = Actor.system(workspace_id=workspace.pk)
            add_contact(actor=system, values={"first_name": workspace.name}, tags=["Gold"], source=Source.USER, at=NOON)


def test_every_tenant_table_has_a_forced_wall_for_reading_and_writing(db: None, owner_dsn: str) -> None:
    rows = asked(
        owner_dsn,
        """SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                  (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL
                          AND p.polwithcheck IS NOT NULL AND p.polcmd = '*' AND p.polroles = '{0}'),
                  (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
             FROM pg_class c WHERE c.relname = ANY(%s) AND c.relkind = 'r'""",
        (walled_tables(owner_dsn),),
    )
    assert len(rows) >= 15
    open_ones = {
        name for name, enabled, forced, whole, policies in rows if not (enabled and forced and whole == policies == 1)
    }
    assert open_ones == WITHOUT_A_WALL


def test_every_model_with_a_workspace_is_among_the_walled_tables(db: None, owner_dsn: str) -> None:
    tables = set(walled_tables(owner_dsn))
    models = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name == "workspace" for field in model._meta.get_fields() if field.concrete)
    }
    assert models <= tables


def test_in_a_scope_plain_reads_see_the_own_workspace_only(cast: Cast) -> None:
    add_everywhere(cast)
    with workspace_scope(cast.acme.pk):
        seen = {
            model.__name__: set(model._default_manager.values_list("workspace_id", flat=True))
            for model in apps.get_models()
            if any(field.name == "workspace" for field in model._meta.get_fields() if field.concrete)
        }
        assert list(Workspace.objects.values_list("pk", flat=True)) == [cast.acme.pk]
    assert seen["Contact"] == seen["EventRecord"] == seen["ContactTag"] == {cast.acme.pk}
    assert all(ids <= {cast.acme.pk} for ids in seen.values())


@pytest.mark.django_db(transaction=True)
def test_without_a_scope_every_tenant_table_is_empty(cast: Cast, owner_dsn: str) -> None:
    add_everywhere(cast)
    with connection.cursor() as cursor:
        for table in walled_tables(owner_dsn):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table


def test_a_row_of_another_workspace_cannot_be_written(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Contact.objects.create(workspace_id=cast.globex.pk, source="user", created_at=NOON, updated_at=NOON)
        add_contact(actor=cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Contact.objects.update(workspace_id=cast.globex.pk)
        assert Contact.objects.count() == 1


def test_raw_sql_with_or_true_stays_in_the_workspace(cast: Cast) -> None:
    add_everywhere(cast)
    with workspace_scope(cast.acme.pk), connection.cursor() as cursor:
        cursor.execute("SELECT first_name FROM contacts_contact WHERE workspace_id = 1 OR 1=1")
        assert cursor.fetchall() == [("Acme",)]
        cursor.execute("DELETE FROM contacts_contacttag WHERE 1=1")
        assert cursor.rowcount == 1
    with workspace_scope(cast.globex.pk):
        assert Contact.objects.get().contact_tags.count() == 1


def test_the_event_log_refuses_change_and_deletion(cast: Cast) -> None:
    add_everywhere(cast)
    with workspace_scope(cast.acme.pk):
        for change in (lambda: EventRecord.objects.update(type="x"), lambda: EventRecord.objects.all().delete()):
            with pytest.raises(InternalError, match="never changed"), transaction.atomic():
                change()


def test_definer_functions_are_the_listed_ones_with_a_fixed_search_path_and_an_owner_without_log_in(
    db: None, owner_dsn: str
) -> None:
    rows = asked(
        owner_dsn,
        """SELECT p.proname, r.rolname, r.rolcanlogin, r.rolbypassrls, array_to_string(p.proconfig, ',')
             FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE p.prosecdef AND n.nspname = 'public'""",
    )
    assert {row[0] for row in rows} == DEFINER_FUNCTIONS | OWNERS_FUNCTIONS
    for name, owner, can_log_in, bypasses, configured in rows:
        if name in OWNERS_FUNCTIONS:
            assert (owner, bypasses) == ("tertulia_owner", False), name
        else:
            assert (owner, can_log_in, bypasses) == ("tertulia_system", False, True), name
        assert configured.startswith("search_path=pg_catalog, public, pg_temp"), name


def test_the_threat_model_lists_every_definer_function() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/THREAT_MODEL.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)\(", text, re.MULTILINE)) == DEFINER_FUNCTIONS | OWNERS_FUNCTIONS


def test_the_app_runs_as_a_role_that_policies_bind(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("tertulia_app", False, False)
    refuse_dangerous_role()


@pytest.mark.parametrize(
    ("whose", "complaint"), [("owner", "owns [0-9]+ tenant tables"), ("superuser", "is a superuser")]
)
@pytest.mark.django_db(transaction=True)
def test_the_processes_refuse_to_start_as_another_role(
    whose: str, complaint: str, owner_dsn: str, superuser_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = urlsplit(owner_dsn if whose == "owner" else superuser_dsn)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", parts.username)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", unquote(parts.password or ""))
    try:
        with pytest.raises(SettingsError, match=complaint):
            refuse_dangerous_role()
    finally:
        connection.close()


def test_search_stays_in_the_workspace_whatever_is_asked(cast: Cast) -> None:
    add_everywhere(cast)
    hostile = (
        "Globex",
        "glo",
        "g",
        "%",
        "_",
        "' OR 1=1 --",
        "\\",
        "%%%",
        "Globex & Acme",
        "'; DROP TABLE contacts_contact; --",
    )
    with workspace_scope(cast.acme.pk), connection.cursor() as cursor:
        own = set(Contact.objects.values_list("pk", flat=True))
        for part in hostile:
            cursor.execute("SELECT * FROM contacts_matching(%s, 9223372036854775807, true, 100)", [part])
            assert {row[0] for row in cursor.fetchall()} <= own, part
        cursor.execute("SELECT * FROM contacts_matching('acme', 9223372036854775807, true, 100)")
        assert {row[0] for row in cursor.fetchall()} == own


@pytest.mark.django_db(transaction=True)
def test_search_without_a_scope_finds_nothing(cast: Cast) -> None:
    add_everywhere(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contacts_matching('acme', 9223372036854775807, true, 100)")
        assert cursor.fetchall() == []


def test_a_table_without_its_policy_turns_these_tests_red(db: None, superuser_dsn: str, owner_dsn: str) -> None:
    """The mutation: the wall of one table taken down in a database that is thrown away is seen."""
    asked(owner_dsn, "CREATE TABLE mutant (id bigint, workspace_id bigint)")
    try:
        assert "mutant" in walled_tables(owner_dsn)
        with pytest.raises(AssertionError):
            test_every_tenant_table_has_a_forced_wall_for_reading_and_writing(None, owner_dsn)
    finally:
        asked(owner_dsn, "DROP TABLE mutant")
