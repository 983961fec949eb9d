"""An accountant is a role of its own: the money of the school, and none of its registers."""

from django.db import migrations, models

ROLES = (
    "pupil",
    "guardian",
    "subject_teacher",
    "homeroom_teacher",
    "head",
    "clerk",
    "accountant",
    "department_officer",
    "ministry_officer",
    "operator",
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_account_scope")]
    operations = [
        migrations.AlterField(
            model_name="grant",
            name="role",
            field=models.CharField(choices=[(role, role.replace("_", " ").title()) for role in ROLES], max_length=18),
        )
    ]
