"""Strands of integrated subjects, totals of grades, outcome files waiting to be applied, search in outcomes."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GradePlan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("grade", models.SmallIntegerField()),
                ("weeks", models.SmallIntegerField()),
                ("lesson_minutes", models.SmallIntegerField()),
                ("compulsory_periods", models.SmallIntegerField()),
                ("electives_to_take", models.SmallIntegerField()),
                ("topics_to_take", models.SmallIntegerField()),
                ("total_periods", models.SmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeImport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("file_name", models.TextField()),
                ("format", models.CharField(choices=[("csv", "Csv"), ("case", "Case")], max_length=4)),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Strand",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=10)),
                (
                    "kind",
                    models.CharField(choices=[("strand", "Strand"), ("orientation", "Orientation")], max_length=11),
                ),
                ("name", models.TextField()),
                ("name_en", models.TextField()),
                ("order", models.SmallIntegerField()),
                ("first_grade", models.SmallIntegerField()),
                ("last_grade", models.SmallIntegerField()),
                ("periods_per_year", models.SmallIntegerField(null=True)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="outcome",
            name="folded_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("text"), function="khue_fold"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("folded_text"), name="gin_trgm_ops"),
                name="outcome_search",
            ),
        ),
        migrations.AddField(
            model_name="gradeplan",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.programme"
            ),
        ),
        migrations.AddField(
            model_name="outcomeimport",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.subject"
            ),
        ),
        migrations.AddField(
            model_name="strand",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradeplan",
            constraint=models.UniqueConstraint(fields=("programme", "grade", "valid_from"), name="grade_plan_once"),
        ),
        migrations.AddConstraint(
            model_name="strand",
            constraint=models.UniqueConstraint(fields=("subject", "code"), name="strand_code_once"),
        ),
    ]
