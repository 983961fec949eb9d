"""A sum is seen in its office's scope; what was sent before is summed by the worker: one event a manager tells it."""

from django.db import migrations

from khue.foundation.rls import protect

TELL = """
INSERT INTO foundation_outboxevent
    (name, payload, organisation_id, published_at, next_attempt_at, attempts, last_error)
SELECT 'indicators.report_sent',
       jsonb_build_object('organisation_id', organisation_id, 'school_year', school_year, 'period', period),
       organisation_id, now(), now(), 0, ''
FROM (SELECT min(r.organisation_id) AS organisation_id, r.school_year, r.period
      FROM indicators_periodreport r JOIN registry_organisation o ON o.id = r.organisation_id
      WHERE r.state = 'sent' GROUP BY o.parent_id, r.school_year, r.period) AS sent
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0016_sums_kept"), ("foundation", "0006_sealed_files")]
    operations = [protect("indicators_periodsum"), migrations.RunSQL(TELL, migrations.RunSQL.noop)]
