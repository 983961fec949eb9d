"""The search by name: one function that runs as the owner and applies the transaction's scope itself.

Row-level security forbids PostgreSQL to use LIKE in an index before the policy has been checked, because LIKE could
leak; a search as the application role would read every row. See docs/decisions/0062.
"""

from django.db import migrations

SEARCH = r"""
CREATE FUNCTION registry_members_named(
    words text[], kinds text[], places bigint[], on_day date, after_key bytea, after_person bigint, wanted integer
) RETURNS TABLE (person_id bigint, sort_key bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    allowed bigint[] := places;
    word text;
    command text := 'SELECT DISTINCT ON (a.sort_key, a.person_id) a.person_id, a.sort_key FROM registry_affiliation a'
        ' WHERE a.kind = ANY ($1) AND (a.valid_to IS NULL OR a.valid_to >= $2)';
BEGIN
    -- Never more than the scope of this transaction, whoever asks.
    IF NOT khue_scope_is_all() THEN
        allowed := CASE WHEN places IS NULL THEN khue_scope()
            ELSE ARRAY(SELECT unnest(places) INTERSECT SELECT unnest(khue_scope())) END;
    END IF;
    IF cardinality(allowed) = 1 THEN
        command := command || format(' AND a.organisation_id = %s', allowed[1]);
    ELSIF allowed IS NOT NULL THEN
        command := command || ' AND a.organisation_id = ANY ($3)';
    END IF;
    -- Written into the statement, so that the planner weighs each word by how rare it is.
    FOREACH word IN ARRAY words LOOP
        command := command || format(' AND '' '' || a.folded_name LIKE %L',
            '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    IF after_key IS NOT NULL THEN
        command := command || ' AND (a.sort_key, a.person_id) > ($4, $5)';
    END IF;
    RETURN QUERY EXECUTE command || ' ORDER BY a.sort_key, a.person_id LIMIT $6'
        USING kinds, on_day, allowed, after_key, after_person, wanted;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_territory_status")]
    operations = [
        migrations.RunSQL(
            SEARCH,
            "DROP FUNCTION registry_members_named(text[], text[], bigint[], date, bytea, bigint, integer)",
        )
    ]
