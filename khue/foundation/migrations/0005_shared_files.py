"""A published file is known outside its organisation."""

from django.db import migrations, models

POLICY = """
DROP POLICY scope_select ON foundation_storedfile;
CREATE POLICY scope_select ON foundation_storedfile FOR SELECT USING (
    is_shared OR organisation_id IS NULL OR (SELECT khue_scope_is_all())
    OR organisation_id = ANY ((SELECT khue_scope())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_outbox_scope")]
    operations = [
        migrations.AddField("storedfile", "is_shared", models.BooleanField(default=False)),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
    ]
