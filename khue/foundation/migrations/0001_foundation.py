"""Search folding, scope functions, rights of the application role, audit trail, outbox, files, jobs."""

import django.db.models.deletion
from django.db import migrations, models

import khue.foundation.ids
from khue.foundation.rls import protect

FUNCTIONS = r"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE FUNCTION khue_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT replace(regexp_replace(normalize(lower($1), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd') $$;

CREATE FUNCTION khue_scope_is_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('khue.scope', true), '') = '*' $$;

CREATE FUNCTION khue_scope() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN coalesce(current_setting('khue.scope', true), '') IN ('', '*') THEN '{}'::bigint[]
          ELSE string_to_array(current_setting('khue.scope', true), ',')::bigint[] END $$;
"""

# The application may read and write rows, never shape tables. Later tables get the same rights by default.
RIGHTS = """
GRANT USAGE ON SCHEMA public TO khue_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO khue_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO khue_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO khue_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO khue_app;
"""

AUDIT = """
CREATE TABLE foundation_auditrow (
    id bigint GENERATED ALWAYS AS IDENTITY,
    occurred_at timestamptz NOT NULL,
    organisation_id bigint,
    account_id bigint,
    person_id bigint,
    actor_name text NOT NULL,
    roles text NOT NULL,
    door text NOT NULL,
    verb text NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint,
    details jsonb NOT NULL,
    block_id bigint,
    PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE foundation_auditrow_rest PARTITION OF foundation_auditrow DEFAULT;
CREATE INDEX auditrow_unsealed ON foundation_auditrow (id) WHERE block_id IS NULL;
CREATE INDEX auditrow_subject ON foundation_auditrow (subject_kind, subject_id, occurred_at);
CREATE INDEX auditrow_block ON foundation_auditrow (block_id);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "__latest__")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(AUDIT, "DROP TABLE foundation_auditrow")],
            state_operations=[
                migrations.CreateModel(
                    name="AuditRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "occurred_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("occurred_at", models.DateTimeField()),
                        ("organisation_id", models.BigIntegerField(null=True)),
                        ("account_id", models.BigIntegerField(null=True)),
                        ("person_id", models.BigIntegerField(null=True)),
                        ("actor_name", models.TextField()),
                        ("roles", models.TextField()),
                        ("door", models.TextField()),
                        ("verb", models.TextField()),
                        ("subject_kind", models.TextField()),
                        ("subject_id", models.BigIntegerField(null=True)),
                        ("details", models.JSONField()),
                        ("block_id", models.BigIntegerField(null=True)),
                    ],
                    options={"db_table": "foundation_auditrow", "managed": False},
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditBlock",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("row_count", models.IntegerField()),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("payload", models.JSONField()),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("published_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("last_error", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["next_attempt_at", "id"],
                        name="outbox_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EventDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("handler", models.TextField()),
                ("handled_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="foundation.outboxevent"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("event", "handler"), name="event_handled_once")]},
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("media_type", models.TextField()),
                ("name", models.TextField()),
                ("stored_at", models.DateTimeField()),
                ("stored_by_id", models.BigIntegerField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("account_id", models.BigIntegerField()),
                ("purpose", models.TextField()),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("offset", models.BigIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("kind", models.TextField()),
                ("title", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("arguments", models.JSONField(default=dict)),
                ("done_count", models.IntegerField(default=0)),
                ("failed_count", models.IntegerField(default=0)),
                ("total_count", models.IntegerField(null=True)),
                ("summary", models.TextField(default="")),
                ("result_url", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "report_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        # What happened may be read and added to by the application, sealed by the owner, changed by nobody.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON foundation_auditrow, foundation_auditblock FROM khue_app;",
            migrations.RunSQL.noop,
        ),
        protect(
            "foundation_auditrow", also_readable="organisation_id IS NULL AND account_id IS NULL", also_writable="true"
        ),
        protect(
            "foundation_storedfile", also_readable="organisation_id IS NULL", also_writable="organisation_id IS NULL"
        ),
        protect("foundation_upload", also_readable="organisation_id IS NULL", also_writable="organisation_id IS NULL"),
        protect("foundation_job", also_readable="organisation_id IS NULL", also_writable="organisation_id IS NULL"),
    ]
