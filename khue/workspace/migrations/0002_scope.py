"""The workspace is seen in the scope of its office, and what is registered stays."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = ("register", "document", "step", "task", "venue", "occasion")
STAYS = """
REVOKE DELETE, TRUNCATE ON workspace_register, workspace_document FROM khue_app;
REVOKE UPDATE, DELETE, TRUNCATE ON workspace_step FROM khue_app;
"""
GOES = """
GRANT DELETE, TRUNCATE ON workspace_register, workspace_document TO khue_app;
GRANT UPDATE, DELETE, TRUNCATE ON workspace_step TO khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial")]
    operations = [*(protect(f"workspace_{table}") for table in TABLES), migrations.RunSQL(STAYS, GOES)]
