import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_scope_of_measures"),
        ("registry", "0018_person_phone"),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("round", models.UUIDField()),
                ("title", models.TextField()),
                ("words", models.TextField(default="")),
                ("questions", models.JSONField()),
                ("answers", models.JSONField(default=list)),
                ("due_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by_name", models.TextField()),
                ("reminded_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_by_name", models.TextField(default="")),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
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
                "indexes": [
                    models.Index(fields=["organisation", "-id"], name="asked_reports_of_school"),
                    models.Index(fields=["office", "-id"], name="asked_reports_of_office"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "organisation"), name="asked_report_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at", None), models.Q(("answers", []), _negated=True), _connector="OR"
                        ),
                        name="asked_report_sent_is_answered",
                    ),
                ],
            },
        ),
    ]
