"""A comment of a deleted contact stays without its words, as messages do: who commented how often is a figure of the past."""

from django.db import migrations, models

LOOSE = "ALTER TABLE inbox_comment DROP CONSTRAINT comment_contact;"
BOUND = """
DELETE FROM inbox_comment n
 WHERE NOT EXISTS (SELECT FROM contacts_contact c WHERE c.workspace_id = n.workspace_id AND c.id = n.contact_id);
ALTER TABLE inbox_comment ADD CONSTRAINT comment_contact
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id) ON DELETE CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0012_report_indexes")]

    operations = [
        migrations.RunSQL(LOOSE, BOUND),
        migrations.AlterField(
            model_name="comment",
            name="contact",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.deletion.DO_NOTHING,
                related_name="+",
                to="contacts.contact",
            ),
        ),
    ]
