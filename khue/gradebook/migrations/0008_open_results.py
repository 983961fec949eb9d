"""Nobody has failed a commented subject while assessments are still to come: such results are open again."""

from django.db import migrations

OPEN = """
UPDATE gradebook_termresult r SET passed = NULL FROM gradebook_markbook b
WHERE b.id = r.book_id AND b.locked_at IS NULL AND NOT b.is_scored AND r.passed = false
  AND NOT EXISTS (SELECT FROM gradebook_mark m JOIN gradebook_markcolumn c ON c.id = m.column_id
                  WHERE c.book_id = b.id AND m.school_year = b.school_year
                    AND m.enrolment_id = r.enrolment_id AND m.passed = false);
"""


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0007_entering_scope")]
    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
