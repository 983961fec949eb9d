"""Statements, partitioned by month, and who sees which row."""

from datetime import date

from django.db import migrations

from khue.foundation.rls import protect

STATEMENTS = """
CREATE TABLE activity_statement (
    statement_id uuid NOT NULL,
    happened_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    organisation_id bigint NOT NULL REFERENCES registry_organisation (id),
    person_id bigint NOT NULL REFERENCES registry_person (id),
    verb text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    object_name text NOT NULL,
    parent_id uuid,
    score_ratio numeric(5, 4),
    is_success boolean,
    seconds integer,
    PRIMARY KEY (happened_at, statement_id)
) PARTITION BY RANGE (happened_at);
CREATE INDEX statement_of_person ON activity_statement (person_id, happened_at);
CREATE INDEX statement_of_object ON activity_statement (object_id, happened_at);
CREATE TABLE activity_statement_rest PARTITION OF activity_statement DEFAULT;
"""


def _months() -> str:
    """A partition for every month of the school years 2026-2027 to 2028-2029; later ones are added by a migration."""
    firsts = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(6, 44)]
    return "".join(
        f"CREATE TABLE activity_statement_{first:%Y_%m} PARTITION OF activity_statement"
        f" FOR VALUES FROM ('{first}') TO ('{after}');"
        for first, after in zip(firsts, firsts[1:], strict=False)
    )


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]
    operations = [
        migrations.RunSQL(STATEMENTS + _months(), "DROP TABLE activity_statement"),
        protect("activity_statement"),
        protect("activity_activeday"),
    ]
