"""Provinces change kind and keep their code; names are compared wherever the tone mark stands."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_names_on_affiliations"),
    ]

    operations = [
        migrations.AddField(
            model_name="territory",
            name="spelling_key",
            field=models.TextField(db_index=True, default=""),
        ),
        migrations.CreateModel(
            name="TerritoryStatus",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.territory"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "valid_from"), name="territory_status_once")
                ],
            },
        ),
    ]
