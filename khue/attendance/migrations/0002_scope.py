"""Lessons and absences are seen in the scope of the school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]
    operations = [protect(f"attendance_{table}") for table in ("lessonlog", "absence")]
