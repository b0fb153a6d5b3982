from django.db import migrations, models

# Search by part of name, e-mail or phone. LIKE is not leakproof, so behind a policy it would not use its index: this door
# filters by the tenant's setting itself and returns ids in one direction, which are then read behind the wall. Fewer than
# three letters have no trigram: they are taken as the beginning of the name. The plan depends on the text that is asked for:
# a rare one takes the trigram index, a common one the newest rows until there are enough.
SEARCH = r"""
CREATE FUNCTION contacts_matching(part text, beyond_id bigint, newest_first boolean, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    tenant bigint := nullif(current_setting('tertulia.workspace_id', true), '')::bigint;
    folded text := public.fold_text(btrim(part));
    pattern text := replace(replace(replace(folded, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF tenant IS NULL OR folded = '' THEN
        RETURN;
    ELSIF length(folded) < 3 AND newest_first THEN
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.name_key LIKE pattern AND c.id < beyond_id
                      ORDER BY c.id DESC LIMIT most;
    ELSIF length(folded) < 3 THEN
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.name_key LIKE pattern AND c.id > beyond_id
                      ORDER BY c.id LIMIT most;
    ELSIF newest_first THEN
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.search_text LIKE '%' || pattern AND c.id < beyond_id
                      ORDER BY c.id DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.search_text LIKE '%' || pattern AND c.id > beyond_id
                      ORDER BY c.id LIMIT most;
    END IF;
END $$;
ALTER FUNCTION contacts_matching(text, bigint, boolean, integer) OWNER TO tertulia_system;
"""
NO_SEARCH = "DROP FUNCTION contacts_matching(text, bigint, boolean, integer);"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_people")]

    operations = [
        migrations.RunSQL(SEARCH, NO_SEARCH),
        # Whole and with the id: it serves look-ups as before, and the list sorted by e-mail, at any depth.
        migrations.RemoveIndex("contact", "contact_by_email"),
        migrations.AddIndex(
            "contact", models.Index(fields=["workspace", "email_key", "id"], name="contact_by_email")
        ),
    ]
