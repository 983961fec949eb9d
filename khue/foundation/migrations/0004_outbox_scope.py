"""An event is read in the scope of its organisation; anyone may publish, only the worker and the tests read all."""

from django.db import migrations

from khue.foundation.rls import protect

ANYONE_PUBLISHES = """
DROP POLICY scope_insert ON foundation_outboxevent;
CREATE POLICY scope_insert ON foundation_outboxevent FOR INSERT WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_audit_chain")]
    operations = [
        protect("foundation_outboxevent"),
        migrations.RunSQL(ANYONE_PUBLISHES, migrations.RunSQL.noop),
    ]
