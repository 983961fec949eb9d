"""Tables of a pupil's year."""

import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    dependencies = [
        ("gradebook", "0003_entered_columns"),
        ("registry", "0014_affiliations_of_a_person"),
        ("schools", "0008_one_index_a_column"),
    ]

    operations = [
        migrations.AddField(
            model_name="markcolumn",
            name="strand",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.CreateModel(
            name="ClassMeeting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("held_on", models.DateField()),
                ("minutes", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_name", models.TextField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by_name", models.TextField(default="")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "school_class",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.schoolclass"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LevelDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("level", models.SmallIntegerField()),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.TextField()),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
            name="PrimaryYear",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("rule_set", models.CharField(max_length=20)),
                ("level", models.SmallIntegerField(null=True)),
                ("missing", models.SmallIntegerField(default=0)),
                ("promoted", models.BooleanField(null=True)),
                ("decision_reason", models.TextField(default="")),
                ("award", models.CharField(default="", max_length=12)),
                ("award_reason", models.TextField(default="")),
                ("worked_out_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
            name="PupilYear",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("rule_set", models.CharField(max_length=20)),
                ("study_term_1", models.SmallIntegerField(null=True)),
                ("study_term_2", models.SmallIntegerField(null=True)),
                ("study", models.SmallIntegerField(null=True)),
                ("unadjusted", models.SmallIntegerField(null=True)),
                ("is_ambiguous", models.BooleanField(default=False)),
                ("conduct_term_1", models.SmallIntegerField(null=True)),
                ("conduct_term_2", models.SmallIntegerField(null=True)),
                ("conduct", models.SmallIntegerField(null=True)),
                ("sessions_absent", models.SmallIntegerField(null=True)),
                ("outcome", models.CharField(default="", max_length=16)),
                ("award", models.CharField(default="", max_length=10)),
                ("missing_term_1", models.SmallIntegerField(default=0)),
                ("missing_term_2", models.SmallIntegerField(default=0)),
                ("worked_out_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
            name="SummerTraining",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("task", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_id", models.BigIntegerField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by_id", models.BigIntegerField(null=True)),
                ("was_completed", models.BooleanField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
            name="EntryWindow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.term"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("term", "kind"), name="entry_window_once"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="entry_window_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("reason", models.TextField()),
                ("granted_at", models.DateTimeField()),
                ("granted_by_id", models.BigIntegerField(null=True)),
                (
                    "class_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.classsubject"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("enrolment", "class_subject"),
                        name="exemption_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MakeUpTest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("reason", models.TextField()),
                ("due_on", models.DateField()),
                ("planned_at", models.DateTimeField()),
                ("planned_by_id", models.BigIntegerField(null=True)),
                ("was_held", models.BooleanField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gradebook.markcolumn"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
                "constraints": [models.UniqueConstraint(fields=("enrolment", "column"), name="make_up_once")],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("text", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "owner_id"], name="phrases_of")],
            },
        ),
        migrations.CreateModel(
            name="PrimaryAssessment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("moment", models.SmallIntegerField()),
                ("item", models.CharField(max_length=24)),
                ("level", models.SmallIntegerField(null=True)),
                ("test", models.SmallIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_id", models.BigIntegerField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.enrolment",
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
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "moment", "item"), name="primary_assessment_once"),
                    models.CheckConstraint(condition=models.Q(("moment__range", (1, 4))), name="primary_moment"),
                    models.CheckConstraint(
                        condition=models.Q(("level__isnull", True), ("level__range", (0, 2)), _connector="OR"),
                        name="primary_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("test__isnull", True), ("test__range", (1, 10)), _connector="OR"),
                        name="primary_test",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reassessment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("tenths", models.SmallIntegerField(null=True)),
                ("passed", models.BooleanField(null=True)),
                ("held_on", models.DateField(null=True)),
                ("recorded_by_id", models.BigIntegerField(null=True)),
                (
                    "class_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.classsubject"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
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
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "class_subject"), name="reassessment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("tenths__isnull", True), ("tenths__range", (0, 100)), _connector="OR"),
                        name="reassessment_on_scale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedResult",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("mean_tenths", models.SmallIntegerField(null=True)),
                ("passed", models.BooleanField(null=True)),
                ("origin", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("received_by_id", models.BigIntegerField(null=True)),
                (
                    "class_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.classsubject"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.term"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "class_subject", "term"), name="received_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mean_tenths__range", (0, 100)), ("passed__isnull", True)),
                            models.Q(("mean_tenths__isnull", True), ("passed__isnull", False)),
                            _connector="OR",
                        ),
                        name="received_says_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("moment", models.SmallIntegerField()),
                ("item", models.CharField(default="", max_length=24)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("written_by_id", models.BigIntegerField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.enrolment",
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
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "moment", "item"), name="remark_once"),
                    models.CheckConstraint(condition=models.Q(("moment__range", (1, 4))), name="remark_moment"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectYear",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_scored", models.BooleanField()),
                ("is_exempt", models.BooleanField(default=False)),
                ("term_1", models.SmallIntegerField(null=True)),
                ("term_2", models.SmallIntegerField(null=True)),
                ("year", models.SmallIntegerField(null=True)),
                ("reassessed", models.SmallIntegerField(null=True)),
                (
                    "class_subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.classsubject"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.enrolment",
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
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "class_subject"), name="subject_year_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TermConduct",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("level", models.SmallIntegerField(null=True)),
                ("comment", models.TextField(default="")),
                ("sessions_absent", models.SmallIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_id", models.BigIntegerField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.term"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "term"), name="term_conduct_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__isnull", True), ("level__range", (0, 3)), _connector="OR"),
                        name="conduct_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sessions_absent__isnull", True), ("sessions_absent__gte", 0), _connector="OR"
                        ),
                        name="conduct_absences",
                    ),
                ],
            },
        ),
    ]
