"""Answers partitioned by school year; every row seen only in the scope of its school."""

from django.db import migrations

from khue.foundation.rls import protect

RESPONSES = """
CREATE TABLE assessment_response (
    organisation_id bigint NOT NULL REFERENCES registry_organisation (id),
    attempt_id bigint NOT NULL REFERENCES assessment_attempt (id),
    question_id bigint NOT NULL REFERENCES assessment_question (id),
    is_late boolean NOT NULL,
    started_at timestamptz NOT NULL,
    answer text NOT NULL CHECK (length(answer) <= 200),
    sequence bigint NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (attempt_id, question_id, is_late, started_at)
) PARTITION BY RANGE (started_at);
"""

# A policy of the parent does not guard a partition that is addressed by its own name: without policies of its own,
# row-level security closes that door and leaves the one through the parent.
PARTITION = """
CREATE TABLE assessment_response_{name} PARTITION OF assessment_response {bounds};
ALTER TABLE assessment_response_{name} ENABLE ROW LEVEL SECURITY;
"""
YEARS = [
    PARTITION.format(name=year, bounds=f"FOR VALUES FROM ('{year}-08-01 00:00+07') TO ('{year + 1}-08-01 00:00+07')")
    for year in (2026, 2027)
]

TABLES = [
    "question",
    "choice",
    "questionoutcome",
    "media",
    "questionmedia",
    "paper",
    "paperitem",
    "test",
    "testquestion",
    "assignment",
    "attempt",
    "response",
]


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [RESPONSES, *YEARS, PARTITION.format(name="rest", bounds="DEFAULT")], "DROP TABLE assessment_response"
        ),
        *[protect(f"assessment_{table}") for table in TABLES],
    ]
