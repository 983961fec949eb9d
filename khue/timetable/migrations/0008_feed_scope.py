"""Feeds are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("timetable", "0007_calendar_feeds")]
    operations = [protect("timetable_calendarfeed")]
