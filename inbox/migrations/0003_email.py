import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_inbox")]

    operations = [
        migrations.CreateModel(
            name="EmailThreadId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("id_sha256", models.BinaryField(max_length=32)),
                ("carrier", models.CharField(max_length=998)),
                ("is_received", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.channel",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="emailthreadid",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "id_sha256"), name="mail_id_once_per_mailbox"
            ),
        ),
        migrations.RunSQL("SELECT wall_in('inbox_emailthreadid');", "SELECT wall_out('inbox_emailthreadid');"),
    ]
