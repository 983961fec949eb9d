"""How far a round of asked reports is, kept beside its rows, and the rows found in their order by the round."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("indicators", "0013_sums_sent_on"), ("registry", "0019_organisation_search")]

    operations = [
        migrations.CreateModel(
            name="AskedRound",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("round", models.UUIDField(unique=True)),
                ("first", models.UUIDField()),
                ("title", models.TextField()),
                ("due_on", models.DateField()),
                ("schools", models.PositiveIntegerField()),
                ("sent", models.PositiveIntegerField(default=0)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
        ),
        migrations.RemoveIndex("askedreport", "asked_reports_of_office"),
        migrations.AddIndex("askedreport", models.Index(fields=["round", "id"], name="asked_reports_of_round")),
        migrations.AddIndex(
            "askedreport",
            models.Index(fields=["round", "id"], name="asked_reports_missing", condition=Q(sent_at=None)),
        ),
        migrations.AddIndex(
            "askedreport",
            models.Index(fields=["round", "id"], name="asked_reports_sent", condition=~Q(sent_at=None)),
        ),
        migrations.AddIndex("askedround", models.Index(fields=["organisation", "-id"], name="asked_rounds_of_office")),
        migrations.AddConstraint(
            "askedround",
            models.CheckConstraint(condition=Q(sent__lte=F("schools")), name="asked_round_sent_by_schools"),
        ),
    ]
