"""Files, minutes, leave and folders are seen in the scope of their office; what was agreed to or put down stays."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = (
    "attachment",
    "meeting",
    "attendance",
    "decision",
    "staffleave",
    "leaveallowance",
    "folder",
    "sharedfile",
    "version",
)
KEPT = ("attachment", "meeting", "staffleave", "folder", "sharedfile", "version")
STAYS = "REVOKE DELETE, TRUNCATE ON {0} FROM khue_app; REVOKE UPDATE ON workspace_version FROM khue_app;"
GOES = "GRANT DELETE, TRUNCATE ON {0} TO khue_app; GRANT UPDATE ON workspace_version TO khue_app;"
NAMES = ", ".join(f"workspace_{table}" for table in KEPT)


class Migration(migrations.Migration):
    dependencies = [("workspace", "0003_minutes_leave_folders")]
    operations = [
        *(protect(f"workspace_{table}") for table in TABLES),
        migrations.RunSQL(STAYS.format(NAMES), GOES.format(NAMES)),
    ]
