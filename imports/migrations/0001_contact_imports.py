import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


RAISE_WALLS = "SELECT wall_in('imports_contactimport'); SELECT wall_in('imports_importchunk');"
LOWER_WALLS = "SELECT wall_out('imports_contactimport'); SELECT wall_out('imports_importchunk');"

# COPY cannot write to a walled table, so staged rows and plans stand in tables of their own, reached through their import's
# row only. Unlogged: a crash of the server empties them, and a resumed job fills them again from the stored file. Verdicts:
# a(dd), u(pdate), n(othing changes), s(kip), e(rror).
STAGING = """
CREATE UNLOGGED TABLE imports_stagedrow (
    import_id bigint NOT NULL,
    row_no integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    phone text NOT NULL,
    phone_e164 text NOT NULL,
    phone_match_key text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    language text NOT NULL,
    country text NOT NULL,
    picture_url text NOT NULL,
    stage_id bigint,
    contact_id bigint,
    custom jsonb NOT NULL,
    tagset integer NOT NULL,
    errors jsonb,
    PRIMARY KEY (import_id, row_no)
);
CREATE UNLOGGED TABLE imports_stagedtagset (
    import_id bigint NOT NULL,
    no integer NOT NULL,
    names text[] NOT NULL,
    tag_ids bigint[] NOT NULL DEFAULT '{}',
    missing integer NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, no)
);
CREATE UNLOGGED TABLE imports_plannedrow (
    import_id bigint NOT NULL,
    row_no integer NOT NULL,
    verdict text NOT NULL,
    contact_id bigint,
    by_normalization boolean NOT NULL,
    errors jsonb,
    PRIMARY KEY (import_id, row_no)
);
"""
NO_STAGING = "DROP TABLE imports_stagedrow, imports_stagedtagset, imports_plannedrow;"

# Which imports need something, in any workspace, and how long the oldest has waited: the sweep and the health check ask before
# a tenant is known. docs/THREAT_MODEL.md lists them.
DOORS = """
CREATE FUNCTION imports_due(moment timestamptz)
    RETURNS TABLE (workspace_id bigint, import_id bigint, act text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.workspace_id, i.id,
           CASE WHEN i.state IN ('mapping', 'review') THEN 'expire'
                WHEN i.state IN ('validating', 'committing') AND i.attempt >= 3 THEN 'fail'
                WHEN i.state = 'validating' THEN 'imports.validate'
                ELSE 'imports.commit' END
      FROM public.imports_contactimport i
     WHERE i.state IN ('mapping', 'validating', 'review', 'committing', 'undoing')
       AND CASE WHEN i.state IN ('mapping', 'review') THEN i.review_expires_at <= moment
                WHEN i.state IN ('validating', 'committing') THEN
                     coalesce(i.lease_until, greatest(i.progress_at, i.stage_started_at) + interval '10 seconds') < moment
                ELSE false END
    UNION ALL
    SELECT i.workspace_id, i.id, 'imports.commit'
      FROM public.imports_contactimport i
     WHERE i.result_expires_at > moment AND i.finished_at < moment - interval '10 seconds'
       AND i.state IN ('cancelled', 'failed') AND i.result_key = '' AND i.progress_done > 0
       AND EXISTS (SELECT FROM public.imports_importchunk c WHERE c.contact_import_id = i.id)
    UNION ALL
    SELECT i.workspace_id, i.id, 'forget'
      FROM public.imports_contactimport i
     WHERE i.result_expires_at IS NOT NULL
       AND i.state NOT IN ('mapping', 'validating', 'review', 'committing', 'undoing')
       AND (i.has_staged_rows
            OR (i.result_expires_at <= moment AND (i.file_key <> '' OR i.errors_key <> '' OR i.result_key <> '')))
$$;
CREATE FUNCTION imports_oldest_unclaimed(moment timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT min(coalesce(i.lease_until, greatest(i.progress_at, i.stage_started_at)))
      FROM public.imports_contactimport i
     WHERE i.state IN ('validating', 'committing', 'undoing') AND (i.lease_until IS NULL OR i.lease_until < moment)
$$;
ALTER FUNCTION imports_due(timestamptz) OWNER TO tertulia_system;
ALTER FUNCTION imports_oldest_unclaimed(timestamptz) OWNER TO tertulia_system;
"""
NO_DOORS = "DROP FUNCTION imports_due(timestamptz); DROP FUNCTION imports_oldest_unclaimed(timestamptz);"

# Only a table's owner may analyze it. These two are the owner's, touch no row and take no argument.
STATISTICS = """
CREATE FUNCTION imports_analyze() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE public.imports_stagedrow;
    ANALYZE public.imports_stagedtagset;
END $$;
CREATE FUNCTION imports_analyze_contacts() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE public.contacts_contact;
    ANALYZE public.imports_plannedrow;
END $$;
"""
NO_STATISTICS = "DROP FUNCTION imports_analyze(); DROP FUNCTION imports_analyze_contacts();"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0001_house'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('mapping', 'Mapping'), ('validating', 'Validating'), ('review', 'Review'), ('committing', 'Committing'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('failed', 'Failed'), ('undoing', 'Undoing'), ('undone', 'Undone')], max_length=12)),
                ('purpose', models.CharField(choices=[('add_new', 'Add New'), ('update_existing', 'Update Existing'), ('add_and_update', 'Add And Update'), ('add_all', 'Add All')], max_length=16)),
                ('identifier', models.CharField(blank=True, choices=[('phone', 'Phone'), ('email', 'Email'), ('contact_id', 'Contact Id'), ('', 'None')], max_length=12)),
                ('matching', models.CharField(choices=[('exact', 'Exact'), ('normalized', 'Normalized')], max_length=12)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                ('file_name', models.CharField(max_length=255)),
                ('file_key', models.CharField(blank=True, default='', max_length=200)),
                ('size_bytes', models.PositiveIntegerField(default=0)),
                ('encoding', models.CharField(blank=True, default='', max_length=16)),
                ('delimiter', models.CharField(blank=True, default='', max_length=1)),
                ('has_byte_order_mark', models.BooleanField(default=False)),
                ('columns', models.JSONField(default=list)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('requested_token_id', models.BigIntegerField(blank=True, null=True)),
                ('language', models.CharField(default='en', max_length=8)),
                ('requested_at', models.DateTimeField()),
                ('progress_done', models.PositiveIntegerField(default=0)),
                ('progress_total', models.PositiveIntegerField(default=0)),
                ('progress_at', models.DateTimeField(blank=True, null=True)),
                ('stage_started_at', models.DateTimeField()),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('has_staged_rows', models.BooleanField(default=False)),
                ('to_add', models.PositiveIntegerField(default=0)),
                ('to_update', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('to_skip', models.PositiveIntegerField(default=0)),
                ('with_errors', models.PositiveIntegerField(default=0)),
                ('matched_by_normalization', models.PositiveIntegerField(default=0)),
                ('effects', models.JSONField(default=dict)),
                ('examples', models.JSONField(default=list)),
                ('error_summary', models.JSONField(default=list)),
                ('errors_key', models.CharField(blank=True, default='', max_length=200)),
                ('review_seconds', models.FloatField(blank=True, null=True)),
                ('review_ready_at', models.DateTimeField(blank=True, null=True)),
                ('review_expires_at', models.DateTimeField(blank=True, null=True)),
                ('imported', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('result_key', models.CharField(blank=True, default='', max_length=200)),
                ('result_expires_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('error_code', models.CharField(blank=True, default='', max_length=80)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ImportChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_row', models.PositiveIntegerField()),
                ('last_row', models.PositiveIntegerField()),
                ('outcomes', models.TextField()),
                ('contact_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('notes', models.JSONField(default=dict)),
                ('written_at', models.DateTimeField()),
                ('contact_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='imports.contactimport')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(fields=['workspace', '-id'], name='imports_newest_first'),
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(condition=models.Q(('state__in', ('mapping', 'validating', 'review', 'committing', 'undoing'))), fields=['requested_at'], name='imports_at_work'),
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(condition=models.Q(('result_expires_at__isnull', False)), fields=['result_expires_at'], name='imports_with_results'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('mapping', 'validating', 'review', 'committing', 'undoing'))), fields=('workspace',), name='one_active_import_per_workspace'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.UniqueConstraint(fields=('workspace', 'id'), name='import_in_workspace'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['mapping', 'validating', 'review', 'committing', 'completed', 'cancelled', 'expired', 'failed', 'undoing', 'undone'])), name='import_state_known'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['add_new', 'update_existing', 'add_and_update', 'add_all'])), name='import_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(('matching__in', ['exact', 'normalized'])), name='import_matching_known'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('identifier', ''), ('purpose', 'add_all')), models.Q(('identifier__in', ['phone', 'email']), models.Q(('purpose', 'add_all'), _negated=True)), models.Q(('identifier', 'contact_id'), ('purpose', 'update_existing')), _connector='OR'), name='import_identifier_fits'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'completed'), _negated=True), ('rows', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('imported'), '+', models.F('updated')), '+', models.F('skipped')), '+', models.F('failed'))), _connector='OR'), name='import_counts_add_up'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'review'), _negated=True), ('rows', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('to_add'), '+', models.F('to_update')), '+', models.F('unchanged')), '+', models.F('to_skip')), '+', models.F('with_errors'))), _connector='OR'), name='import_review_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(('lease_token__isnull', True), ('state__in', ['validating', 'committing', 'undoing']), _connector='OR'), name='import_lease_while_working'),
        ),
        migrations.AddConstraint(
            model_name='importchunk',
            constraint=models.UniqueConstraint(fields=('workspace', 'contact_import', 'first_row'), name='chunk_once_per_import'),
        ),
        migrations.RunSQL(RAISE_WALLS, LOWER_WALLS),
        migrations.RunSQL(STAGING, NO_STAGING),
        migrations.RunSQL(DOORS, NO_DOORS),
        migrations.RunSQL(STATISTICS, NO_STATISTICS),
    ]
