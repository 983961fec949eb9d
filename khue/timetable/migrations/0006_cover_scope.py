"""Absences and covers are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("timetable", "0005_covers")]
    operations = [protect(f"timetable_{table}") for table in ("absence", "cover")]
