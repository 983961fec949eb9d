"""An accountant is a position at a school, as it is a role of an account."""

from django.db import migrations, models

POSITIONS = ("head", "deputy_head", "teacher", "clerk", "accountant", "other")


class Migration(migrations.Migration):
    dependencies = [("schools", "0015_staff_lists")]
    operations = [
        migrations.AlterField(
            model_name="staffmember",
            name="position",
            field=models.CharField(
                choices=[(each, each.replace("_", " ").title()) for each in POSITIONS], max_length=11
            ),
        )
    ]
