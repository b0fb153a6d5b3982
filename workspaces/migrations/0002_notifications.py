import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


RAISE_WALL = "SELECT wall_in('workspaces_notification');"
LOWER_WALL = "SELECT wall_out('workspaces_notification');"

# Whose mail waits, in any workspace: the sweep asks before a tenant is known. docs/THREAT_MODEL.md lists it.
DOORS = """
CREATE FUNCTION notifications_due(moment timestamptz)
    RETURNS TABLE (workspace_id bigint, notification_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT n.workspace_id, n.id
      FROM public.workspaces_notification n
     WHERE n.mail_state = 'due' AND n.mail_due_at <= moment
     ORDER BY n.mail_due_at
     LIMIT 500
$$;
ALTER FUNCTION notifications_due(timestamptz) OWNER TO tertulia_system;
"""
NO_DOORS = "DROP FUNCTION notifications_due(timestamptz);"


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0001_house'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='import_mail_on',
            field=models.BooleanField(default=True, db_default=True),
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('facts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('mail_state', models.CharField(choices=[('none', 'None'), ('due', 'Due'), ('sent', 'Sent'), ('failed', 'Failed')], default='none', max_length=8)),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ('mail_due_at', models.DateTimeField(blank=True, null=True)),
                ('mail_token', models.UUIDField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'user', '-id'], name='notifications_of_member'), models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['workspace', 'user', '-id'], name='notifications_new'), models.Index(condition=models.Q(('archived_at__isnull', True), ('seen_at__isnull', True)), fields=['workspace', 'user'], name='notifications_unseen'), models.Index(condition=models.Q(('mail_state', 'due')), fields=['mail_due_at'], name='notification_mail_due')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'user', 'kind', 'subject_kind', 'subject_id'), name='notification_once'), models.CheckConstraint(condition=models.Q(('mail_state__in', ['none', 'due', 'sent', 'failed'])), name='mail_known'), models.CheckConstraint(condition=models.Q(models.Q(('mail_state', 'due'), _negated=True), ('mail_due_at__isnull', False), _connector='OR'), name='mail_due_at_a_time')],
            },
        ),
        migrations.RunSQL(RAISE_WALL, LOWER_WALL),
        migrations.RunSQL(DOORS, NO_DOORS),
    ]
