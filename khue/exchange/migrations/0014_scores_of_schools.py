"""A school's score over all kinds of records is kept, so that schools stand in its order without being added up."""

from django.db import migrations, models
from django.db.models import Q

TOGETHER = """
INSERT INTO exchange_schoolquality
    (organisation_id, kind, records, faultless, warnings, errors, checks, failed, by_rule, missed, counted_at)
SELECT organisation_id, '', sum(records), sum(faultless), sum(warnings), sum(errors), sum(checks), sum(failed), '{}',
       coalesce(round(1000000.0 * sum(failed) / nullif(sum(checks), 0)), 0), max(counted_at)
FROM exchange_schoolquality GROUP BY organisation_id
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0013_first_stale")]

    operations = [
        migrations.AddField("schoolquality", "missed", models.IntegerField(default=0, db_default=0)),
        migrations.AddIndex(
            "schoolquality",
            models.Index(fields=["-missed", "organisation"], name="school_quality_worst", condition=Q(kind="")),
        ),
        migrations.RunSQL(TOGETHER, "DELETE FROM exchange_schoolquality WHERE kind = ''"),
    ]
