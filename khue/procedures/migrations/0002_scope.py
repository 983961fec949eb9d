"""Cases are seen in the scope of their office and its partner, slips follow one another, published versions stay."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = ["step", "supplement", "slip", "signedresult", "counter", "rating"]

#: Procedures of the law belong to no office; what an office offers, everybody may read.
OF_ALL = "{table}.organisation_id IS NULL"
A_PARTNER = "procedures_case.partner_id = ANY ((SELECT khue_scope())::bigint[])"

#: A slip follows the one before it, and none is changed or removed, so no gap can come later either.
WITHOUT_GAPS = """
CREATE FUNCTION khue_slip_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM procedures_slip WHERE organisation_id = NEW.organisation_id AND kind = NEW.kind
            AND year = NEW.year AND number = NEW.number - 1
    ) THEN
        RAISE EXCEPTION 'slip % of % leaves a gap', NEW.number, NEW.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER slip_follows AFTER INSERT ON procedures_slip FOR EACH ROW EXECUTE FUNCTION khue_slip_follows();
REVOKE UPDATE, DELETE, TRUNCATE ON procedures_slip, procedures_rating, procedures_signedresult FROM khue_app;
"""

#: A running case keeps the version it began with, so a published version keeps its drawing, its forms and its days.
PUBLISHED_STAYS = """
CREATE FUNCTION khue_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (
        (NEW.procedure_id, NEW.version, NEW.bpmn, NEW.sheet, NEW.steps, NEW.working_days, NEW.received_until, NEW.valid_from,
         NEW.published_at)
        IS DISTINCT FROM
        (OLD.procedure_id, OLD.version, OLD.bpmn, OLD.sheet, OLD.steps, OLD.working_days, OLD.received_until, OLD.valid_from,
         OLD.published_at)
        OR NEW.days_elsewhere IS DISTINCT FROM OLD.days_elsewhere
    ) THEN
        RAISE EXCEPTION 'version % is published', OLD.version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE ON procedures_definition
    FOR EACH ROW EXECUTE FUNCTION khue_published_stays();
REVOKE DELETE, TRUNCATE ON procedures_definition FROM khue_app;
"""


def _read_by_all(table: str, published: str) -> str:
    return f"{OF_ALL.format(table=table)} OR {table}.{published}"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_procedures")]
    operations = [
        *(protect(f"procedures_{table}") for table in TABLES),
        protect("procedures_case", also_readable=A_PARTNER),
        protect("procedures_procedure", also_readable=_read_by_all("procedures_procedure", "is_open")),
        protect(
            "procedures_definition", also_readable=_read_by_all("procedures_definition", "published_at IS NOT NULL")
        ),
        migrations.RunSQL(
            WITHOUT_GAPS, "DROP TRIGGER slip_follows ON procedures_slip; DROP FUNCTION khue_slip_follows();"
        ),
        migrations.RunSQL(
            PUBLISHED_STAYS,
            "DROP TRIGGER published_stays ON procedures_definition; DROP FUNCTION khue_published_stays();",
        ),
    ]
