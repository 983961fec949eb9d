"""Transcripts are seen in the scope of the school; what was done to them, and the registers, stay as they were written."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = [
    "yearsheet",
    "step",
    "signature",
    "deposit",
    "issue",
    "share",
    "signingkey",
    "signingbatch",
    "diploma",
    "diplomacounter",
]

#: A line follows the one before it; lines are never removed, so no gap can come later either.
#: At the commit nothing may be in scope any more, so it runs as the tables' owner (as payments 0010).
WITHOUT_GAPS = """
CREATE FUNCTION khue_diploma_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM records_diploma WHERE organisation_id = NEW.organisation_id AND kind = NEW.kind AND year = NEW.year
            AND number = NEW.number - 1
    ) THEN
        RAISE EXCEPTION 'diploma % of % leaves a gap', NEW.number, NEW.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER diploma_follows AFTER INSERT ON records_diploma
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION khue_diploma_follows();
"""

#: Of a diploma only who took it, and that it was withdrawn, may be written later, each once.
KEPT = """
REVOKE UPDATE, DELETE, TRUNCATE ON records_step, records_signature, records_issue FROM khue_app;
REVOKE UPDATE, DELETE, TRUNCATE ON records_diploma FROM khue_app;
GRANT UPDATE (handed_on, handed_to, withdrawn_on, withdrawn_reason) ON records_diploma TO khue_app;
REVOKE DELETE, TRUNCATE ON records_transcript, records_yearsheet, records_deposit, records_share, records_signingkey FROM khue_app;

CREATE FUNCTION khue_diploma_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.handed_on IS NOT NULL AND (OLD.handed_on, OLD.handed_to) IS DISTINCT FROM (NEW.handed_on, NEW.handed_to))
       OR (OLD.withdrawn_on IS NOT NULL
           AND (OLD.withdrawn_on, OLD.withdrawn_reason) IS DISTINCT FROM (NEW.withdrawn_on, NEW.withdrawn_reason)) THEN
        RAISE EXCEPTION 'diploma % of % stands', OLD.number, OLD.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER diploma_stands BEFORE UPDATE ON records_diploma
    FOR EACH ROW EXECUTE FUNCTION khue_diploma_stands();

CREATE FUNCTION khue_sealed_sheet_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('signed', 'sealed', 'deposited') AND
       (OLD.content, OLD.digest, OLD.version, OLD.transcript_id, OLD.school_year_id)
       IS DISTINCT FROM (NEW.content, NEW.digest, NEW.version, NEW.transcript_id, NEW.school_year_id)
       OR OLD.sealed_at IS NOT NULL AND
       (OLD.xml_id, OLD.pdf_id, OLD.pages, OLD.sealed_at) IS DISTINCT FROM (NEW.xml_id, NEW.pdf_id, NEW.pages, NEW.sealed_at)
    THEN
        RAISE EXCEPTION 'sheet % has been signed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sealed_sheet_stands BEFORE UPDATE ON records_yearsheet
    FOR EACH ROW EXECUTE FUNCTION khue_sealed_sheet_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_records")]
    operations = [
        *(protect(f"records_{table}") for table in TABLES),
        # A pupil who went to another school: the sheets made here name the transcript that went along.
        protect(
            "records_transcript",
            also_readable="EXISTS (SELECT FROM records_yearsheet y WHERE y.transcript_id = records_transcript.id)",
        ),
        migrations.RunSQL(
            WITHOUT_GAPS, "DROP TRIGGER diploma_follows ON records_diploma; DROP FUNCTION khue_diploma_follows();"
        ),
        migrations.RunSQL(
            KEPT,
            """
            DROP TRIGGER diploma_stands ON records_diploma; DROP FUNCTION khue_diploma_stands();
            DROP TRIGGER sealed_sheet_stands ON records_yearsheet; DROP FUNCTION khue_sealed_sheet_stands();
            """,
        ),
    ]
