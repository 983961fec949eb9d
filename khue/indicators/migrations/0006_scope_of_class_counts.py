"""A class's counts are seen in its school's scope; schools that were counted before are counted again, by class."""

from django.db import migrations

from khue.foundation.rls import protect

COUNT_AGAIN = """
INSERT INTO indicators_staleschool (organisation_id, since)
SELECT DISTINCT c.organisation_id, now() FROM indicators_indicatorcount c
JOIN registry_organisation o ON o.id = c.organisation_id WHERE o.kind = 'school'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_class_counts")]
    operations = [protect("indicators_classcount"), migrations.RunSQL(COUNT_AGAIN, migrations.RunSQL.noop)]
