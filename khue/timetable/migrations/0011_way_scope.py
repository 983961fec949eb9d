"""Ways between campuses are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("timetable", "0010_campus_ways")]
    operations = [protect("timetable_campusway")]
