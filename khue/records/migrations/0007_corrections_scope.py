"""Notes beside lines of the register are seen in the scope of its body, and stand."""

from django.db import migrations

from khue.foundation.rls import protect

STAND = "REVOKE UPDATE, DELETE, TRUNCATE ON records_diplomacorrection FROM khue_app;"


class Migration(migrations.Migration):
    dependencies = [("records", "0006_diploma_corrections")]
    operations = [protect("records_diplomacorrection"), migrations.RunSQL(STAND, migrations.RunSQL.noop)]
