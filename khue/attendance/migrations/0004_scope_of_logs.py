"""Rolls, leave and logs are seen in the scope of the school; what was corrected and why is never changed."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = (
    "rollcall",
    "absencenotice",
    "leaverequest",
    "logrules",
    "plannedperiod",
    "closedweek",
    "signedmonth",
    "lessoncorrection",
)
KEPT_FOR_EVER = "REVOKE UPDATE, DELETE, TRUNCATE ON attendance_lessoncorrection FROM khue_app;"


class Migration(migrations.Migration):
    dependencies = [("attendance", "0003_roll_calls_and_leave")]
    operations = [
        *(protect(f"attendance_{table}") for table in TABLES),
        migrations.RunSQL(KEPT_FOR_EVER, "GRANT UPDATE, DELETE ON attendance_lessoncorrection TO khue_app;"),
    ]
