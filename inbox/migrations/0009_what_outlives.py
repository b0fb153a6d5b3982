"""What stays when something goes: whose a conversation was when its status changed, and the rows of deleted channels."""

from django.db import migrations, models

# A status row says whose the conversation was. Of the past, its own assignments tell it, or else the one whose it is.
# The owner sees no row of a walled table, so the walls are lowered for the statement.
WHOSE_OF_THE_PAST = """
ALTER TABLE inbox_statuschange NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_assignment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_conversation NO FORCE ROW LEVEL SECURITY;
UPDATE inbox_statuschange s
   SET assignee_id = CASE WHEN past.id IS NOT NULL THEN past.new_user_id
                          WHEN later.id IS NOT NULL THEN later.old_user_id ELSE c.assignee_id END
  FROM inbox_statuschange t
  JOIN inbox_conversation c ON c.workspace_id = t.workspace_id AND c.id = t.conversation_id
  LEFT JOIN LATERAL (
       SELECT a.id, a.new_user_id FROM inbox_assignment a
        WHERE a.workspace_id = t.workspace_id AND a.conversation_id = t.conversation_id AND a.occurred_at <= t.occurred_at
        ORDER BY a.id DESC LIMIT 1) past ON true
  LEFT JOIN LATERAL (
       SELECT a.id, a.old_user_id FROM inbox_assignment a
        WHERE a.workspace_id = t.workspace_id AND a.conversation_id = t.conversation_id AND a.occurred_at > t.occurred_at
        ORDER BY a.id LIMIT 1) later ON true
 WHERE s.id = t.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE inbox_statuschange FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_assignment FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_conversation FORCE ROW LEVEL SECURITY;
"""

ACCOUNTS = """
ALTER TABLE inbox_channel NO FORCE ROW LEVEL SECURITY;
UPDATE inbox_channel SET account = left(coalesce(nullif(settings ->> 'address', ''), name), 255) WHERE account = '';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE inbox_channel FORCE ROW LEVEL SECURITY;
"""

# A deleted channel is not found by any way that leads in or out.
DOORS = """
CREATE OR REPLACE FUNCTION channel_by_key(given text) RETURNS TABLE (workspace_id bigint, channel_id bigint, kind text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.workspace_id, c.id, c.kind FROM public.inbox_channel c WHERE c.key = given AND {open}
$$;
CREATE OR REPLACE FUNCTION channel_by_token(given bytea) RETURNS TABLE (workspace_id bigint, channel_id bigint, key text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.workspace_id, c.id, c.key
      FROM public.inbox_channel c WHERE c.token_sha256 = given AND {open}
$$;
CREATE OR REPLACE FUNCTION channels_of_kind(given text) RETURNS TABLE (workspace_id bigint, channel_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.workspace_id, c.id FROM public.inbox_channel c WHERE c.kind = given AND {open} ORDER BY c.id
$$;
"""
OPEN = DOORS.format(open="c.state NOT IN ('disconnected', 'deleted')")
OPEN_BEFORE = DOORS.format(open="c.state <> 'disconnected'")
AS_SYSTEM = "SET ROLE tertulia_system; %s RESET ROLE;"  # only a function's owner may replace it


class Migration(migrations.Migration):
    dependencies = [("inbox", "0008_sweeps_in_order")]

    operations = [
        migrations.AddField("statuschange", "assignee_id", models.BigIntegerField(blank=True, null=True)),
        migrations.RunSQL(WHOSE_OF_THE_PAST, migrations.RunSQL.noop),
        migrations.RunSQL(ACCOUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(AS_SYSTEM % OPEN, AS_SYSTEM % OPEN_BEFORE),
    ]
