"""Files of cases are seen in the scope of their office, and stay as they came."""

from django.db import migrations

from khue.foundation.rls import protect

STAY = "REVOKE UPDATE, DELETE, TRUNCATE ON procedures_attachment FROM khue_app;"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_attachments")]
    operations = [protect("procedures_attachment"), migrations.RunSQL(STAY, migrations.RunSQL.noop)]
