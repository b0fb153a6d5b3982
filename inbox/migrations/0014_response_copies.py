"""Two copies for reports by user and team: a response keeps when its conversation closed, a conversation the team that responded first.

The database keeps the first one, since everything that closes or opens a conversation moves it, statements over many rows too.
"""

from django.db import migrations, models

# The owner sees no row of a walled table, so the walls are lowered for the statements.
COPIES_OF_THE_PAST = """
ALTER TABLE inbox_conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_response NO FORCE ROW LEVEL SECURITY;
UPDATE inbox_response r SET closed_at = c.closed_at
  FROM inbox_conversation c
 WHERE c.workspace_id = r.workspace_id AND c.id = r.conversation_id AND c.closed_at IS NOT NULL;
UPDATE inbox_conversation c SET first_response_team_id = f.team_id
  FROM (SELECT DISTINCT ON (r.workspace_id, r.conversation_id) r.workspace_id, r.conversation_id, r.team_id
          FROM inbox_response r ORDER BY r.workspace_id, r.conversation_id, r.id) f
 WHERE f.workspace_id = c.workspace_id AND f.conversation_id = c.id AND f.team_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE inbox_response FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_conversation FORCE ROW LEVEL SECURITY;
"""

# They run as whoever writes, under the same wall, and refuse nothing. A response that comes takes the closing over, as bulk writers
# bring conversations that are closed already. When a conversation closes or opens, its responses follow: whoever moves it holds its
# row, and so they wait for nobody who does not wait for it.
TRIGGERS = """
CREATE FUNCTION inbox_response_takes_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.closed_at := (SELECT c.closed_at FROM public.inbox_conversation c
                       WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.conversation_id);
    RETURN NEW;
END $$;
CREATE FUNCTION inbox_responses_follow_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.inbox_response r SET closed_at = NEW.closed_at
     WHERE r.workspace_id = NEW.workspace_id AND r.conversation_id = NEW.id AND r.closed_at IS DISTINCT FROM NEW.closed_at;
    RETURN NULL;
END $$;
CREATE TRIGGER takes_closing BEFORE INSERT ON inbox_response
    FOR EACH ROW EXECUTE FUNCTION inbox_response_takes_closing();
CREATE TRIGGER responses_follow_closing AFTER UPDATE OF closed_at ON inbox_conversation
    FOR EACH ROW WHEN (OLD.closed_at IS DISTINCT FROM NEW.closed_at) EXECUTE FUNCTION inbox_responses_follow_closing();
"""
NO_TRIGGERS = """
DROP TRIGGER responses_follow_closing ON inbox_conversation;
DROP TRIGGER takes_closing ON inbox_response;
DROP FUNCTION inbox_responses_follow_closing();
DROP FUNCTION inbox_response_takes_closing();
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0013_comments_outlive")]

    operations = [
        migrations.RemoveIndex(model_name="conversation", name="conversations_by_opening"),
        migrations.RemoveIndex(model_name="conversation", name="conversations_by_closing"),
        migrations.AddField("conversation", "first_response_team_id", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField("response", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(COPIES_OF_THE_PAST, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["workspace", "opened_at", "id"],
                include=(
                    "contact", "is_returning", "opened_channel", "closed_by_id", "closed_by_team_id", "first_assignee_id",
                    "last_assignee_id", "first_response_by_id", "first_response_team_id", "opened_by_source", "closed_by_source",
                    "closed_category",
                ),
                name="conversations_by_opening",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["workspace", "closed_at", "id"],
                include=(
                    "contact", "is_returning", "opened_channel", "closed_by_id", "closed_by_team_id", "first_assignee_id",
                    "last_assignee_id", "first_response_by_id", "first_response_team_id", "opened_by_source", "closed_by_source",
                    "closed_category", "opened_at", "first_response_at", "first_assigned_at", "last_assigned_at",
                    "response_after_assignment_at", "response_count", "response_ms",
                ),
                name="conversations_by_closing",
            ),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["workspace", "closed_at", "id"],
                include=("user_id", "team_id", "from_at", "to_at", "conversation_id", "contact_id"),
                name="responses_by_closing",
            ),
        ),
    ]  # fmt: skip
