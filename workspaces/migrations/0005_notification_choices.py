from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0004_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='notification_choices',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
