"""The sweep of presences hears of every workspace: the longest quiet member of each, however many are quiet elsewhere."""

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION presences_quiet_since(moment timestamptz)
    RETURNS TABLE (workspace_id bigint, user_id bigint, active_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
"""
LONGEST_QUIET = """
    SELECT DISTINCT ON (p.workspace_id) p.workspace_id, p.user_id, p.active_at
      FROM public.workspaces_presence p WHERE NOT p.is_offline AND p.active_at < moment
     ORDER BY p.workspace_id, p.active_at
$$;
"""
ANY_500 = """
    SELECT p.workspace_id, p.user_id, p.active_at
      FROM public.workspaces_presence p WHERE NOT p.is_offline AND p.active_at < moment LIMIT 500
$$;
"""
AS_SYSTEM = "SET ROLE tertulia_system; %s RESET ROLE;"  # only a function's owner may replace it


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0006_former_people")]

    operations = [migrations.RunSQL(AS_SYSTEM % (HEAD + LONGEST_QUIET), AS_SYSTEM % (HEAD + ANY_500))]
