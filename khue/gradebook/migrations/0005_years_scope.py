"""Who sees which row of a pupil's year."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = (
    "classmeeting", "entrywindow", "exemption", "leveldecision", "makeuptest", "phrase", "primaryassessment",
    "primaryyear", "pupilyear", "reassessment", "receivedresult", "remark", "subjectyear", "summertraining",
    "termconduct",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0004_years")]
    operations = [protect(f"gradebook_{table}") for table in TABLES]
