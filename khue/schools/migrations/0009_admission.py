import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0002_scope"),
        ("registry", "0015_pairs_of_words"),
        ("schools", "0008_one_index_a_column"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdmissionPlan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("procedure", models.SlugField(max_length=60)),
                ("year", models.CharField(max_length=9)),
                ("zones", models.JSONField(default=list)),
                ("capacity", models.PositiveIntegerField()),
                ("is_drawn", models.BooleanField(default=False)),
                ("seed_digest", models.CharField(default="", max_length=64)),
                ("seed", models.TextField(default="")),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("joined", models.PositiveIntegerField(default=0)),
                ("seated_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AdmissionPlace",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("priority", models.SmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.case"
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
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.admissionplan",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="admissionplan",
            constraint=models.UniqueConstraint(
                fields=("organisation", "procedure", "year"), name="admission_plan_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="admissionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="admission_opens_before_it_closes"
            ),
        ),
        migrations.AddConstraint(
            model_name="admissionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_drawn", False), models.Q(("seed_digest", ""), _negated=True), _connector="OR"),
                name="admission_lot_has_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="admissionplace",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="admission_number_once"),
        ),
        migrations.AddConstraint(
            model_name="admissionplace",
            constraint=models.UniqueConstraint(fields=("plan", "priority", "number"), name="admission_place_once"),
        ),
    ]
