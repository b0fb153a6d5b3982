import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALLED = ("workspaces_hookendpoint", "workspaces_hookdelivery", "workspaces_hookattempt")
RAISE_WALLS = "".join(f"SELECT wall_in('{name}');" for name in WALLED)
LOWER_WALLS = "".join(f"SELECT wall_out('{name}');" for name in WALLED)

# Which endpoints have something to send, and forgetting the old, in any workspace: the sweep asks before a tenant is known.
# docs/THREAT_MODEL.md lists both.
DOORS = """
CREATE FUNCTION hooks_due(moment timestamptz)
    RETURNS TABLE (workspace_id bigint, endpoint_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT h.workspace_id, h.id
      FROM public.workspaces_hookendpoint h
     WHERE h.state = 'active' AND (h.paused_until IS NULL OR h.paused_until <= moment)
       AND EXISTS (SELECT FROM public.workspaces_hookdelivery d
                    WHERE d.endpoint_id = h.id AND d.state = 'waiting' AND d.next_attempt_at <= moment
                      AND (d.lease_until IS NULL OR d.lease_until <= moment))
     LIMIT 500
$$;
CREATE FUNCTION forget_hook_deliveries(older_than timestamptz)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH attempts AS (DELETE FROM public.workspaces_hookattempt WHERE attempted_at < older_than),
         gone AS (DELETE FROM public.workspaces_hookdelivery WHERE created_at < older_than RETURNING 1)
    SELECT count(*) FROM gone
$$;
ALTER FUNCTION hooks_due(timestamptz) OWNER TO tertulia_system;
ALTER FUNCTION forget_hook_deliveries(timestamptz) OWNER TO tertulia_system;
"""
NO_DOORS = "DROP FUNCTION hooks_due(timestamptz); DROP FUNCTION forget_hook_deliveries(timestamptz);"




class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0003_presence'),
    ]

    operations = [
        migrations.CreateModel(
            name='HookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                ('sealed_keys', models.TextField()),
                ('former_until', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('active', 'Active'), ('disabled', 'Disabled')], default='active', max_length=8)),
                ('disabled_because', models.CharField(blank=True, choices=[('', 'None'), ('person', 'Person'), ('gone', 'Gone'), ('failing', 'Failing')], default='', max_length=8)),
                ('disabled_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('paused_until', models.DateTimeField(blank=True, null=True)),
                ('last_success_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'state'], name='hooks_of_workspace')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'disabled'])), name='hook_state_known')],
            },
        ),
        migrations.CreateModel(
            name='HookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.BigIntegerField(blank=True, null=True)),
                ('event_type', models.CharField(max_length=40)),
                ('contact_id', models.BigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('parked', 'Parked')], default='waiting', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('last_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=40)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='deliveries', to='workspaces.hookendpoint')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['workspace', 'endpoint', '-id'], name='deliveries_of_hook'),
                    models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'next_attempt_at'], name='hook_deliveries_due'),
                    models.Index(condition=models.Q(('state', 'waiting')), fields=['workspace', 'endpoint', 'contact_id', 'id'], name='hook_deliveries_in_order'),
                    models.Index(fields=['created_at'], name='hook_deliveries_by_age'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('workspace', 'endpoint', 'event_id'), name='event_once_per_hook'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'delivered', 'parked'])), name='hook_delivery_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery_id', models.BigIntegerField()),
                ('endpoint_id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('attempted_at', models.DateTimeField()),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('error', models.CharField(blank=True, default='', max_length=40)),
                ('answer', models.CharField(blank=True, default='', max_length=2048)),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['workspace', 'delivery_id', 'id'], name='attempts_of_delivery'),
                    models.Index(fields=['workspace', 'endpoint_id'], name='attempts_of_hook'),
                    models.Index(fields=['attempted_at'], name='hook_attempts_by_age'),
                ],
            },
        ),
        migrations.RunSQL(RAISE_WALLS, LOWER_WALLS),
        migrations.RunSQL(DOORS, NO_DOORS),
    ]
