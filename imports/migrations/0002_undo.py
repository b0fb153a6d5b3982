import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


RAISE_WALL = "SELECT wall_in('imports_undoremainder');"
LOWER_WALL = "SELECT wall_out('imports_undoremainder');"

# The system role owns the function, and migrations may step into that role for a moment. Undoing rings like the other work,
# and after three attempts at one chunk the import is what it was.
DUE = """
SET LOCAL ROLE tertulia_system;
CREATE OR REPLACE FUNCTION imports_due(moment timestamptz)
    RETURNS TABLE (workspace_id bigint, import_id bigint, act text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.workspace_id, i.id,
           CASE WHEN i.state IN ('mapping', 'review') THEN 'expire'
                WHEN i.state IN ('validating', 'committing') AND i.attempt >= 3 THEN 'fail'
                {acts}
                WHEN i.state = 'validating' THEN 'imports.validate'
                ELSE 'imports.commit' END
      FROM public.imports_contactimport i
     WHERE i.state IN ('mapping', 'validating', 'review', 'committing', 'undoing')
       AND CASE WHEN i.state IN ('mapping', 'review') THEN i.review_expires_at <= moment
                WHEN i.state IN ({working}) THEN
                     coalesce(i.lease_until, greatest(i.progress_at, i.stage_started_at) + interval '10 seconds') < moment
                ELSE false END
    UNION ALL
    SELECT i.workspace_id, i.id, 'imports.commit'
      FROM public.imports_contactimport i
     WHERE i.result_expires_at > moment AND i.finished_at < moment - interval '10 seconds'
       AND i.state IN ({stopped}) AND i.result_key = '' AND i.file_key <> ''
       AND EXISTS (SELECT FROM public.imports_importchunk c WHERE c.contact_import_id = i.id)
    UNION ALL
    SELECT i.workspace_id, i.id, 'forget'
      FROM public.imports_contactimport i
     WHERE i.result_expires_at IS NOT NULL
       AND i.state NOT IN ('mapping', 'validating', 'review', 'committing', 'undoing')
       AND (i.has_staged_rows
            OR (i.result_expires_at <= moment AND (i.file_key <> '' OR i.errors_key <> '' OR i.result_key <> '')))
$$;
SET LOCAL ROLE tertulia_owner;
"""
DUE_NOW = DUE.format(
    acts="""WHEN i.state = 'undoing' AND i.attempt >= 3 THEN 'halt_undo'
                WHEN i.state = 'undoing' THEN 'imports.undo'""",
    working="'validating', 'committing', 'undoing'",
    stopped="'cancelled', 'failed', 'undone'",
)
DUE_BEFORE = DUE.format(acts="", working="'validating', 'committing'", stopped="'cancelled', 'failed'")


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0001_contact_imports'),
        ('workspaces', '0001_house'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='UndoRemainder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_no', models.PositiveIntegerField()),
                ('contact_id', models.BigIntegerField()),
                ('field', models.CharField(blank=True, default='', max_length=60)),
                ('tag_id', models.BigIntegerField(blank=True, null=True)),
                ('reason', models.CharField(max_length=24)),
            ],
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_deleted',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_error_code',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_from',
            field=models.CharField(blank=True, default='', max_length=12),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_kept',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_partly',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_requested_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_requested_token_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_restored',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importchunk',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='contactimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'undone'), _negated=True), ('imported', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('undo_deleted'), '+', models.F('undo_restored')), '+', models.F('undo_partly')), '+', models.F('undo_kept')), '-', models.F('updated'))), _connector='OR'), name='import_undo_adds_up'),
        ),
        migrations.AddField(
            model_name='undoremainder',
            name='contact_import',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='undo_remainders', to='imports.contactimport'),
        ),
        migrations.AddField(
            model_name='undoremainder',
            name='workspace',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace'),
        ),
        migrations.AddIndex(
            model_name='undoremainder',
            index=models.Index(fields=['workspace', 'contact_import', 'row_no', 'id'], name='undo_remainders_in_order'),
        ),
        migrations.RunSQL(RAISE_WALL, LOWER_WALL),
        migrations.RunSQL(DUE_NOW, DUE_BEFORE),
    ]
