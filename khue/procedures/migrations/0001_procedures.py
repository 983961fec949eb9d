import datetime

import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0005_shared_files"),
        ("registry", "0015_pairs_of_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("key", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("last_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PublicDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(unique=True)),
                ("is_worked", models.BooleanField()),
                ("title", models.TextField()),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Definition",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("version", models.SmallIntegerField()),
                ("bpmn", models.TextField()),
                ("sheet", models.JSONField()),
                ("steps", models.JSONField()),
                ("working_days", models.SmallIntegerField()),
                ("days_elsewhere", models.SmallIntegerField(null=True)),
                ("received_until", models.TimeField(default=datetime.time(17, 0))),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("code", models.CharField(max_length=60, unique=True)),
                ("applicant_name", models.TextField()),
                ("phone", models.TextField(default="")),
                ("email", models.TextField(default="")),
                ("subject_name", models.TextField()),
                ("born_on", models.DateField()),
                (
                    "channel",
                    models.CharField(choices=[("online", "Online"), ("post", "Post"), ("desk", "Desk")], max_length=6),
                ),
                ("data", models.JSONField(default=dict)),
                ("state", models.SmallIntegerField()),
                (
                    "status",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Filed"),
                            (2, "Received"),
                            (3, "Not Received"),
                            (4, "Worked On"),
                            (5, "Supplement"),
                            (6, "Payment"),
                            (7, "Withdrawal"),
                            (8, "Stopped"),
                            (9, "Finished"),
                            (10, "Handed Over"),
                        ]
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("received_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("promised_on", models.DateField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("finished_on", models.DateField(null=True)),
                ("ends", models.CharField(default="", max_length=7)),
                ("reason", models.TextField(default="")),
                (
                    "applicant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.definition"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("key", models.SlugField(max_length=60)),
                ("code", models.CharField(default="", max_length=20)),
                ("title", models.TextField()),
                ("summary", models.TextField(default="")),
                ("office", models.CharField(max_length=14)),
                ("is_open", models.BooleanField(default=False)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="definition",
            name="procedure",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.procedure"
            ),
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("score", models.SmallIntegerField()),
                ("comment", models.TextField(default="")),
                ("rated_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "Receipt"),
                            ("supplement", "Supplement"),
                            ("apology", "Apology"),
                            ("refusal", "Refusal"),
                            ("result", "Result"),
                        ],
                        max_length=10,
                    ),
                ),
                ("year", models.SmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("issued_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
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
            ],
        ),
        migrations.CreateModel(
            name="SignedResult",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signed_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.storedfile"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "slip",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.slip"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("task", models.CharField(max_length=80)),
                ("title", models.TextField()),
                ("role", models.CharField(default="", max_length=40)),
                ("data", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by_id", models.BigIntegerField(null=True)),
                ("done_by_name", models.TextField(default="")),
                (
                    "case",
                    models.ForeignKey(
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
            ],
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("wanted", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by_name", models.TextField(default="")),
                ("days_left", models.SmallIntegerField()),
                ("answer", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("series", models.CharField(max_length=20)),
                ("last", models.PositiveIntegerField(default=0)),
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
                "constraints": [models.UniqueConstraint(fields=("organisation", "series"), name="counter_once")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation", "-id"], name="cases_of_office"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("finished_on", None)), fields=["organisation", "due_on"], name="cases_open"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("finished_on__isnull", False)),
                fields=["organisation", "finished_on"],
                name="cases_finished",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("finished_on", None)),
                    models.Q(("finished_at__isnull", False), ("finished_on__isnull", False)),
                    _connector="OR",
                ),
                name="case_finished_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.UniqueConstraint(
                fields=("organisation", "key"), name="procedure_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="definition",
            constraint=models.UniqueConstraint(fields=("procedure", "version"), name="definition_version_once"),
        ),
        migrations.AddConstraint(
            model_name="definition",
            constraint=models.CheckConstraint(
                condition=models.Q(("working_days__gte", 0)), name="definition_days_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 2)), name="rating_score"
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(
                fields=("organisation", "kind", "year", "number"), name="slip_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "apology")), fields=("case",), name="one_apology_a_case"
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(condition=models.Q(("done_at", None)), fields=["organisation", "id"], name="steps_open"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("case", "task"), name="step_open_once"
            ),
        ),
    ]
