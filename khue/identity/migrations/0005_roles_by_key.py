"""Find roles row by row: as one statement the planner read every organisation of the node to join two grants."""

from importlib import import_module

from django.db import migrations

ROLES = """
CREATE OR REPLACE FUNCTION identity_roles(of_account bigint, of_person bigint, on_day date)
RETURNS TABLE (role text, organisation_id bigint, covers bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held record;
    place record;
BEGIN
    FOR held IN
        SELECT g.role, g.organisation_id AS place_id FROM identity_grant g
        WHERE g.account_id = of_account AND g.revoked_at IS NULL
          AND g.valid_from <= on_day AND (g.valid_to IS NULL OR g.valid_to >= on_day)
        ORDER BY g.organisation_id
    LOOP
        IF organisation_id IS DISTINCT FROM held.place_id THEN
            SELECT o.lineage, o.parent_id INTO place FROM registry_organisation o WHERE o.id = held.place_id;
            covers := NULL;
            IF place.parent_id IS NOT NULL THEN
                SELECT array_agg(b.id) INTO covers FROM registry_organisation b
                WHERE b.lineage ~>=~ place.lineage AND b.lineage ~<~ (place.lineage || ':');
            END IF;
        END IF;
        role := held.role;
        organisation_id := held.place_id;
        CONTINUE WHEN role = 'guardian' AND NOT EXISTS (
            SELECT 1 FROM registry_guardianship w
            WHERE w.guardian_id = of_person AND NOT w.is_barred
              AND w.valid_from <= on_day AND (w.valid_to IS NULL OR w.valid_to >= on_day)
              AND (covers IS NULL OR w.organisation_id = ANY (covers)));
        RETURN NEXT;
    END LOOP;
END $$;
"""
BEFORE = import_module("khue.identity.migrations.0003_scope").ROLES.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_account_folded_name"), ("registry", "0002_scope")]
    operations = [migrations.RunSQL(ROLES, BEFORE)]
