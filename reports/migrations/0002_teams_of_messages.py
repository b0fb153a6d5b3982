"""Messages are tallied by the team of who wrote them as well."""

from django.db import migrations, models

# As in 0001; tests hold it to reports/tallies/facts.py.
SLOT = "date_bin('15 minutes', {row}created_at, timestamptz '2000-01-01 00:00+00')"
STATUS = (
    "CASE WHEN {row}direction = 'incoming' THEN '' WHEN {row}status IN ('queued', 'sending', 'unknown') THEN 'pending'"
    " ELSE {row}status END"
)
WORDS = "{row}workspace_id, " + SLOT + ", {row}direction, " + STATUS + ", {row}sender_kind"
IS_MESSAGE = "{row}status <> 'cancelled'"

IDS = ("channel_id", "user_id", "team_id", "sender_id")
IDS_BEFORE = ("channel_id", "user_id", "sender_id")


def triggers(ids: tuple[str, ...]) -> str:
    """Return what makes messages leave deltas by these ids.

    It comes before the tallies' tables change and holds back who writes messages: one who waited within the function instead
    would put a row without the new column, and fail. It replaces without dropping, so that readers of messages wait for nothing.
    """
    counted = WORDS + "".join(f", coalesce({{row}}{name}, 0)" for name in ids)
    columns = f"workspace_id, slot, direction, status, sender_kind, {', '.join(ids)}, n"
    groups = ", ".join(str(place) for place in range(1, 6 + len(ids)))
    compared = (
        "{row}workspace_id, {row}created_at, {row}direction, "
        + STATUS
        + ", {row}status = 'cancelled', {row}sender_kind"
    ) + "".join(f", {{row}}{name}" for name in ids)
    return f"""
CREATE OR REPLACE TRIGGER reports_tally_changed AFTER UPDATE ON inbox_message
    FOR EACH ROW WHEN (({compared.format(row="OLD.")}) IS DISTINCT FROM ({compared.format(row="NEW.")}))
    EXECUTE FUNCTION reports_tally_message_again();
CREATE OR REPLACE FUNCTION reports_tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.reports_messagetallydelta ({columns})
    SELECT {counted.format(row="")}, CASE TG_OP WHEN 'DELETE' THEN -count(*) ELSE count(*) END
      FROM touched WHERE {IS_MESSAGE.format(row="")} GROUP BY {groups};
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reports_tally_message_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.reports_messagetallydelta ({columns})
    SELECT {counted.format(row="OLD.")}, -1 WHERE {IS_MESSAGE.format(row="OLD.")}
    UNION ALL
    SELECT {counted.format(row="NEW.")}, 1 WHERE {IS_MESSAGE.format(row="NEW.")};
    RETURN NULL;
END $$;
"""


# What is counted so far says nothing about teams. Without a TallyState reports read raw rows until the sweep has built the tallies
# anew. The owner sees no row of a walled table, so the walls are lowered for the statements.
EMPTIED = ("reports_messagetallydelta", "reports_messagetally", "reports_tallystate")
FORGET = (
    "".join(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY;" for name in EMPTIED)
    + "".join(f"DELETE FROM {name};" for name in EMPTIED)
    + "".join(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;" for name in EMPTIED)
)
KEY = "workspace_id, day, direction, status, sender_kind, channel_id, user_id{team}, sender_id"
NEW_KEY = (
    "ALTER TABLE reports_messagetally DROP CONSTRAINT {name}, ADD CONSTRAINT {name} PRIMARY KEY (" + KEY + ");"
).replace("{name}", "reports_messagetally_pkey")
COLUMNS = "ALTER TABLE reports_messagetallydelta {change}; ALTER TABLE reports_messagetally {change};"

WITH_TEAMS = (
    triggers(IDS)
    + FORGET
    + COLUMNS.format(change="ADD COLUMN team_id bigint NOT NULL")
    + NEW_KEY.format(team=", team_id")
)
WITHOUT_TEAMS = triggers(IDS_BEFORE) + FORGET + NEW_KEY.format(team="") + COLUMNS.format(change="DROP COLUMN team_id")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tallies")]

    operations = [
        # Django changes no composite primary key, and would fill the new column of tables that are empty by then.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(WITH_TEAMS, WITHOUT_TEAMS)],
            state_operations=[
                migrations.AddField("messagetallydelta", "team_id", models.BigIntegerField()),
                migrations.AddField("messagetally", "team_id", models.BigIntegerField()),
                migrations.AlterField(
                    "messagetally",
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id", "day", "direction", "status", "sender_kind", "channel_id", "user_id", "team_id",
                        "sender_id", blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
            ],
        )
    ]  # fmt: skip
