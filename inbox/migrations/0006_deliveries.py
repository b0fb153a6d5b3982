"""What the sweep of deliveries asks: only messages that can be sent now, statuses that missed their message, what is old."""

from django.db import migrations

# Only the oldest message per address is due: its followers wait, and must not fill the list while it does. One that is held
# is due again as soon as its channel works.
MESSAGES_DUE = """
CREATE OR REPLACE FUNCTION messages_due(moment timestamptz) RETURNS TABLE (workspace_id bigint, message_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.workspace_id, m.id
      FROM public.inbox_message m
     WHERE m.status IN ('queued', 'sending')
       AND CASE m.status
           WHEN 'sending' THEN m.lease_until <= moment
           ELSE coalesce(m.next_attempt_at <= moment,
                         EXISTS (SELECT FROM public.inbox_channel c WHERE c.id = m.channel_id AND c.state = 'active'))
           END
       AND NOT EXISTS (
           SELECT FROM public.inbox_message o
            WHERE o.workspace_id = m.workspace_id AND o.contact_channel_id = m.contact_channel_id
              AND o.status IN ('queued', 'sending') AND o.id < m.id)
     ORDER BY m.id LIMIT 500
$$;
"""
MESSAGES_DUE_BEFORE = """
CREATE OR REPLACE FUNCTION messages_due(moment timestamptz) RETURNS TABLE (workspace_id bigint, message_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.workspace_id, m.id
      FROM public.inbox_message m
     WHERE (m.status = 'queued' AND m.next_attempt_at <= moment) OR (m.status = 'sending' AND m.lease_until <= moment)
     ORDER BY m.id LIMIT 500
$$;
"""
AS_SYSTEM = "SET ROLE tertulia_system; %s RESET ROLE;"
DOORS = """
CREATE FUNCTION early_statuses_due() RETURNS TABLE (workspace_id bigint, message_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT m.workspace_id, m.id
      FROM public.inbox_earlystatus e
      JOIN public.inbox_message m
        ON m.workspace_id = e.workspace_id AND m.channel_id = e.channel_id
       AND m.channel_message_id = e.channel_message_id AND m.channel_message_id <> ''
     LIMIT 500
$$;
ALTER FUNCTION early_statuses_due() OWNER TO tertulia_system;
CREATE FUNCTION forget_deliveries(done_before timestamptz, early_before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.inbox_inboundevent
     WHERE id IN (SELECT e.id FROM public.inbox_inboundevent e
                   WHERE e.state = 'done' AND e.done_at < done_before LIMIT 5000);
    DELETE FROM public.inbox_earlystatus
     WHERE id IN (SELECT s.id FROM public.inbox_earlystatus s WHERE s.created_at < early_before LIMIT 5000);
$$;
ALTER FUNCTION forget_deliveries(timestamptz, timestamptz) OWNER TO tertulia_system;
CREATE FUNCTION every_workspace() RETURNS TABLE (workspace_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.id FROM public.workspaces_workspace w ORDER BY w.id
$$;
ALTER FUNCTION every_workspace() OWNER TO tertulia_system;
CREATE INDEX inbound_done ON inbox_inboundevent (done_at) WHERE state = 'done';
"""
NO_DOORS = """
DROP INDEX inbound_done;
SET ROLE tertulia_system;
DROP FUNCTION early_statuses_due();
DROP FUNCTION forget_deliveries(timestamptz, timestamptz);
DROP FUNCTION every_workspace();
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_email")]

    operations = [
        # The function belongs to the system role by now, and only its owner may replace it.
        migrations.RunSQL(AS_SYSTEM % MESSAGES_DUE, AS_SYSTEM % MESSAGES_DUE_BEFORE),
        migrations.RunSQL(DOORS, NO_DOORS),
    ]
