"""The sweeps take what waits longest first, so that a great many rows at once hold up none of them for ever."""

from django.db import migrations

LOCKS = """
CREATE OR REPLACE FUNCTION locks_unseen_since(moment timestamptz) RETURNS TABLE (workspace_id bigint, lock_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.workspace_id, l.id FROM public.inbox_locksession l WHERE l.ended_at IS NULL AND l.seen_at < moment %s LIMIT 500
$$;
"""
QUIET = """
CREATE OR REPLACE FUNCTION quiet_conversations(moment timestamptz) RETURNS TABLE (workspace_id bigint, conversation_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.workspace_id, c.id
      FROM public.inbox_conversation c
      LEFT JOIN public.inbox_inboxsettings s ON s.workspace_id = c.workspace_id
     WHERE c.status <> 'resolved' AND c.is_latest AND c.snoozed_until IS NULL AND coalesce(s.auto_resolve_days, 30) > 0
       AND c.last_activity_at < moment - make_interval(days => coalesce(s.auto_resolve_days, 30))
     %s LIMIT 500
$$;
"""
IN_ORDER = LOCKS % "ORDER BY l.seen_at, l.id" + QUIET % "ORDER BY c.last_activity_at, c.id"
BEFORE = LOCKS % "" + QUIET % ""
AS_SYSTEM = "SET ROLE tertulia_system; %s RESET ROLE;"  # only a function's owner may replace it


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_export_facts")]

    operations = [migrations.RunSQL(AS_SYSTEM % IN_ORDER, AS_SYSTEM % BEFORE)]
