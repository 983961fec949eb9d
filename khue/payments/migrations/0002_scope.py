"""Money is seen in the scope of its school, balances in every entry, and what is written stays."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = [
    "collectionaccount",
    "feeitem",
    "invoice",
    "invoiceline",
    "entry",
    "posting",
    "bankline",
    "receipt",
    "receiptcounter",
]

BALANCED = """
CREATE FUNCTION khue_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM payments_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'ledger entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION khue_entry_balances();
REVOKE UPDATE, DELETE, TRUNCATE ON payments_entry, payments_posting, payments_receipt FROM khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments")]
    operations = [
        *(protect(f"payments_{table}") for table in TABLES),
        migrations.RunSQL(
            BALANCED, "DROP TRIGGER posting_balances ON payments_posting; DROP FUNCTION khue_entry_balances();"
        ),
    ]
