from django.db import migrations, models

# The door of 0001 with a direction, so that pages of found contacts can be turned back too. The plan depends on the text
# that is asked for: a rare one takes the trigram index, a common one the newest rows until there are enough.
SEARCH = r"""
DROP FUNCTION contacts_matching(text, bigint, integer);
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
NO_SEARCH = r"""
DROP FUNCTION contacts_matching(text, bigint, boolean, integer);
CREATE FUNCTION contacts_matching(part text, below_id bigint, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tenant bigint := nullif(current_setting('tertulia.workspace_id', true), '')::bigint;
    folded text := public.fold_text(btrim(part));
    pattern text := replace(replace(replace(folded, '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    IF tenant IS NULL OR folded = '' THEN
        RETURN;
    ELSIF length(folded) < 3 THEN
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.name_key LIKE pattern AND c.id < below_id
                      ORDER BY c.id DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT c.id FROM public.contacts_contact c
                      WHERE c.workspace_id = tenant AND c.search_text LIKE '%' || pattern AND c.id < below_id
                      ORDER BY c.id DESC LIMIT most;
    END IF;
END $$;
ALTER FUNCTION contacts_matching(text, bigint, integer) OWNER TO tertulia_system;
"""


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
