"""What the reports below an office come to, kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0015_scope_of_asked_rounds")]

    operations = [
        migrations.CreateModel(
            name="PeriodSum",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("school_year", models.CharField(max_length=9)),
                ("period", models.CharField(max_length=5)),
                ("figures", models.JSONField(default=dict)),
                ("unknown", models.JSONField(default=dict)),
                ("summed", models.PositiveIntegerField(default=0)),
                ("summed_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "school_year", "period"), name="period_sum_once")
                ]
            },
        ),
    ]
