"""Copies of what nodes below reported belong to school years like our own records: those that came before say which."""

from django.db import migrations

# The code of a class ends in that of its year; a pupil's identity goes with the pupil's place in a class.
_OF_CLASSES = """
UPDATE exchange_reportedrecord
   SET period = CASE WHEN kind = 'figure' THEN payload ->> 'namhoc' ELSE right(payload ->> 'malop', 9) END
 WHERE period = '' AND (payload ->> 'malop' ~ '-\\d{4}-\\d{4}$' OR kind = 'figure' AND payload ->> 'namhoc' ~ '^.{1,9}$')
"""
_OF_IDENTITIES = """
UPDATE exchange_reportedrecord i SET period = p.period FROM exchange_reportedrecord p
 WHERE i.kind = 'pupil_identity' AND i.period = '' AND p.kind = 'pupil' AND p.key = 'pupil' || substr(i.key, 15)
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0010_handing_over")]

    operations = [
        migrations.RunSQL(_OF_CLASSES, migrations.RunSQL.noop),
        migrations.RunSQL(_OF_IDENTITIES, migrations.RunSQL.noop),
    ]
