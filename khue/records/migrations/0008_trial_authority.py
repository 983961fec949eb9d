"""The authority that a demonstration makes for itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_corrections_scope")]

    operations = [
        migrations.CreateModel(
            name="TrialAuthority",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="trial_authority_once")],
            },
        ),
    ]
