"""What virtual agents and surveys ask before a tenant is known: which runs are over, and whose survey an address opens."""

from django.db import migrations

# A run is over when its contact, or its agent, was silent for too long, and when its agent or its conversation is gone.
DOORS = """
CREATE FUNCTION runs_due(moment timestamptz, silent_since timestamptz) RETURNS TABLE (workspace_id bigint, run_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.workspace_id, r.id
      FROM public.inbox_virtualagentrun r
      JOIN public.inbox_virtualagent a ON a.id = r.virtual_agent_id
      LEFT JOIN public.inbox_conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
     WHERE r.ended_at IS NULL
       AND (c.id IS NULL OR a.deleted_at IS NOT NULL OR r.waits_until <= moment
            OR (r.waits_until IS NULL AND greatest(r.started_at, c.last_incoming_at) <= silent_since))
     ORDER BY r.id LIMIT 500
$$;
ALTER FUNCTION runs_due(timestamptz, timestamptz) OWNER TO tertulia_system;
CREATE FUNCTION survey_by_digest(given bytea) RETURNS TABLE (workspace_id bigint, survey_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.workspace_id, s.id FROM public.inbox_survey s WHERE s.token_sha256 = given
$$;
ALTER FUNCTION survey_by_digest(bytea) OWNER TO tertulia_system;
"""
NO_DOORS = """
SET ROLE tertulia_system;
DROP FUNCTION runs_due(timestamptz, timestamptz);
DROP FUNCTION survey_by_digest(bytea);
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0009_what_outlives")]

    operations = [migrations.RunSQL(DOORS, NO_DOORS)]
