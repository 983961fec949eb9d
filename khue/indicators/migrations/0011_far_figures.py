"""Figures that other nodes report, and how far they are taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0010_scope_of_asked_reports"), ("registry", "0017_former_communes")]

    operations = [
        migrations.CreateModel(
            name="FarFigure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=150, unique=True)),
                ("school_code", models.CharField(max_length=35)),
                ("school_name", models.TextField()),
                (
                    "folded_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("school_name"), function="khue_fold"),
                        output_field=models.TextField(),
                    ),
                ),
                ("code", models.CharField(max_length=4)),
                ("school_year", models.CharField(max_length=9)),
                ("definition", models.SmallIntegerField()),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField()),
                ("unknown", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("neighbour", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["organisation", "code", "school_year", "id"], name="far_figure_of")],
            },
        ),
        migrations.CreateModel(
            name="FigureMark",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="figure_mark_once")],
            },
        ),
    ]
