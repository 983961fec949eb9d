"""Notices are seen in the scope of their school; the words of an office's notice in every school it told."""

from django.db import migrations

from khue.foundation.rls import IN_SCOPE, protect

INSIDE = IN_SCOPE.format(column="messaging_message.organisation_id")


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_notices")]
    operations = [
        protect("messaging_broadcast"),
        protect("messaging_tally"),
        protect("messaging_pushsubscription"),
        migrations.RunSQL(
            f"ALTER POLICY scope_select ON messaging_message USING ({INSIDE} OR messaging_message.is_general)",
            f"ALTER POLICY scope_select ON messaging_message USING ({INSIDE})",
        ),
    ]
