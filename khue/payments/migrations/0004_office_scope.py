"""Receipts without gaps, closed days and what banks brought: seen in the scope of the school, held by the database."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = ["relief", "closing", "statement", "bankhook", "bankcall"]

#: A receipt follows the one before it. Receipts are never changed or removed (0002), so no gap can come later either.
WITHOUT_GAPS = """
CREATE FUNCTION khue_receipt_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM payments_receipt WHERE organisation_id = NEW.organisation_id AND year = NEW.year
            AND number = NEW.number - 1 AND account_id IS NOT DISTINCT FROM NEW.account_id
    ) THEN
        RAISE EXCEPTION 'receipt % of % leaves a gap', NEW.number, NEW.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER receipt_follows AFTER INSERT ON payments_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION khue_receipt_follows();
"""

#: After the row and not before, so that the policies speak first.
#: The lock is that of ledger.lock: whoever closes a day waits for whoever writes, and the other way round.
CLOSED_DAYS = """
CREATE FUNCTION khue_entry_of_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7265100, NEW.organisation_id::int);
    IF EXISTS (SELECT FROM payments_closing c WHERE c.organisation_id = NEW.organisation_id AND c."on" >= NEW."on") THEN
        RAISE EXCEPTION 'the books of % are closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_of_open_day AFTER INSERT ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION khue_entry_of_open_day();

CREATE FUNCTION khue_closing_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE in_cash bigint; in_bank bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7265100, NEW.organisation_id::int);
    SELECT coalesce(sum(p.amount) FILTER (WHERE p.book = 'cash'), 0),
           coalesce(sum(p.amount) FILTER (WHERE p.book = 'bank'), 0) INTO in_cash, in_bank
    FROM payments_posting p JOIN payments_entry e ON e.id = p.entry_id
    WHERE p.organisation_id = NEW.organisation_id AND p.book IN ('cash', 'bank') AND e."on" <= NEW."on";
    IF (NEW.cash, NEW.bank) IS DISTINCT FROM (in_cash, in_bank) THEN
        RAISE EXCEPTION 'the books hold % in cash and % at banks', in_cash, in_bank USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM payments_closing c WHERE c.organisation_id = NEW.organisation_id AND c."on" >= NEW."on" AND c.id <> NEW.id
    ) THEN
        RAISE EXCEPTION '% is closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closing_is_true AFTER INSERT ON payments_closing
    FOR EACH ROW EXECUTE FUNCTION khue_closing_is_true();
REVOKE UPDATE, DELETE, TRUNCATE ON payments_closing, payments_bankcall FROM khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_office")]
    operations = [
        *(protect(f"payments_{table}") for table in TABLES),
        migrations.RunSQL(
            WITHOUT_GAPS, "DROP TRIGGER receipt_follows ON payments_receipt; DROP FUNCTION khue_receipt_follows();"
        ),
        migrations.RunSQL(
            CLOSED_DAYS,
            """
            DROP TRIGGER entry_of_open_day ON payments_entry; DROP FUNCTION khue_entry_of_open_day();
            DROP TRIGGER closing_is_true ON payments_closing; DROP FUNCTION khue_closing_is_true();
            """,
        ),
    ]
