"""Marks, partitioned by school year, and who sees which row."""

from django.db import migrations

from khue.foundation.rls import protect

MARKS = """
CREATE TABLE gradebook_mark (
    school_year smallint NOT NULL,
    organisation_id bigint NOT NULL REFERENCES registry_organisation (id),
    column_id bigint NOT NULL REFERENCES gradebook_markcolumn (id),
    enrolment_id bigint NOT NULL REFERENCES schools_enrolment (id),
    tenths smallint CHECK (tenths BETWEEN 0 AND 100),
    passed boolean,
    is_exempt boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL,
    recorded_by_id bigint,
    PRIMARY KEY (school_year, column_id, enrolment_id),
    CONSTRAINT mark_says_one_thing CHECK (num_nonnulls(tenths, passed) + is_exempt::int = 1)
) PARTITION BY LIST (school_year);
CREATE INDEX mark_of_pupil ON gradebook_mark (enrolment_id);
CREATE TABLE gradebook_mark_rest PARTITION OF gradebook_mark DEFAULT;
"""
YEARS = "".join(
    f"CREATE TABLE gradebook_mark_{year} PARTITION OF gradebook_mark FOR VALUES IN ({year});"
    for year in range(2024, 2036)
)


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0001_initial")]
    operations = [
        migrations.RunSQL(MARKS + YEARS, "DROP TABLE gradebook_mark"),
        *[
            protect(f"gradebook_{table}")
            for table in ("markbook", "markcolumn", "mark", "termresult", "markcorrection")
        ],
    ]
