"""Courses are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]
    operations = [protect(f"learning_{table}") for table in ("lesson", "lessonitem", "lessondone")]
