"""What was signed is never changed and never removed: a later decision is a later row."""

from django.db import migrations

STAYS = """
    CREATE FUNCTION messaging_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON messaging_consentsignature
        FOR EACH ROW EXECUTE FUNCTION messaging_stays();
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON messaging_consentruling
        FOR EACH ROW EXECUTE FUNCTION messaging_stays();
"""
GOES = """
    DROP TRIGGER stays ON messaging_consentsignature;
    DROP TRIGGER stays ON messaging_consentruling;
    DROP FUNCTION messaging_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0021_announcements_scope")]
    operations = [migrations.RunSQL(STAYS, GOES)]
