"""Whether a conversation's contact had an earlier one: reports part new contacts from returning ones by it."""

from django.db import migrations, models

# The owner sees no row of a walled table, so the wall is lowered for the statement.
RETURNING_OF_THE_PAST = """
ALTER TABLE inbox_conversation NO FORCE ROW LEVEL SECURITY;
UPDATE inbox_conversation c SET is_returning = true
 WHERE EXISTS (SELECT FROM inbox_conversation e
                WHERE e.workspace_id = c.workspace_id AND e.contact_id = c.contact_id AND e.id < c.id);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE inbox_conversation FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0010_helpers_doors")]

    operations = [
        migrations.AddField("conversation", "is_returning", models.BooleanField(db_default=False, default=False)),
        migrations.RunSQL(RETURNING_OF_THE_PAST, migrations.RunSQL.noop),
    ]
