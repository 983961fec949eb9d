"""Lessons that change places are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("timetable", "0014_swaps")]
    operations = [protect(f"timetable_{table}") for table in ("swap", "move")]
