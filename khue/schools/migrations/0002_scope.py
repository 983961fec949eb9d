"""Every row of a school is seen in the scope of that school and of those above it."""

from django.db import migrations

from khue.foundation.rls import protect

TABLES = [
    "schoolyear",
    "term",
    "specialday",
    "subjectgroup",
    "staffmember",
    "schoolclass",
    "enrolment",
    "classsubject",
    "teachingassignment",
    "electivechoice",
    "room",
    "device",
    "connection",
    "learnermeans",
]


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]
    operations = [protect(f"schools_{table}") for table in TABLES]
