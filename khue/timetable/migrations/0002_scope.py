"""A school's timetable is seen in the scope of the school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_initial")]
    operations = [protect(f"timetable_{table}") for table in ("bell", "timetableversion", "slot")]
