from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0007_quiet_presences'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='working_hours',
            field=models.JSONField(blank=True, default=None, null=True),
        ),
    ]
