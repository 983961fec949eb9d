"""Drafts and wishes are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = ("wish", "wishmember", "draft", "draftlesson", "draftpart", "searchprogress")


class Migration(migrations.Migration):
    dependencies = [("timetable", "0003_planning")]
    operations = [protect(f"timetable_{table}") for table in TABLES]
