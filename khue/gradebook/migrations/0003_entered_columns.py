"""Columns and books know whether marks stand in them: a page need not look through the marks to tell."""

from django.db import migrations, models

FILL = """
UPDATE gradebook_markcolumn c SET has_marks = true
 WHERE EXISTS (SELECT FROM gradebook_mark m WHERE m.column_id = c.id);
UPDATE gradebook_markbook b SET columns = c.number, columns_entered = c.entered
  FROM (SELECT book_id, count(*) AS number, count(*) FILTER (WHERE has_marks) AS entered
          FROM gradebook_markcolumn GROUP BY book_id) c
 WHERE c.book_id = b.id;
"""


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0002_marks_and_scope")]
    operations = [
        migrations.AddField("markcolumn", "has_marks", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("markbook", "columns", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("markbook", "columns_entered", models.SmallIntegerField(db_default=0, default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
