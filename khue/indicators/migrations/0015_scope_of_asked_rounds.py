"""A round is seen in the scope of the office that asked; those asked before are counted once."""

from django.db import migrations

from khue.foundation.rls import protect

COUNT = """
INSERT INTO indicators_askedround (organisation_id, round, first, title, due_on, schools, sent, withdrawn_at)
SELECT office_id, round, (array_agg(public_id ORDER BY id))[1], min(title), min(due_on), count(*), count(sent_at),
       max(withdrawn_at)
FROM indicators_askedreport GROUP BY office_id, round ORDER BY min(id)
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0014_asked_rounds")]
    operations = [protect("indicators_askedround"), migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
