"""What pupils brought along is seen in the scope of the school; the family reads it beyond."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = ["receivedpackage", "receivedsheet", "sealedlist"]
KEPT = """
REVOKE DELETE, TRUNCATE ON records_receivedpackage, records_receivedsheet, records_sealedlist FROM khue_app;
REVOKE UPDATE ON records_receivedpackage, records_receivedsheet FROM khue_app;
GRANT UPDATE (carried_at) ON records_receivedsheet TO khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_received")]
    operations = [
        *(protect(f"records_{table}") for table in TABLES),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
