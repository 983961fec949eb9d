"""Appointments are seen in the scope of their school; whoever leads a class today was appointed with its year."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("schools", "0005_setting_up")]
    operations = [
        protect("schools_homeroomappointment"),
        migrations.RunSQL(
            """
            INSERT INTO schools_homeroomappointment (organisation_id, school_class_id, staff_id, starts_on)
            SELECT c.organisation_id, c.id, c.homeroom_teacher_id, y.starts_on
              FROM schools_schoolclass c JOIN schools_schoolyear y ON y.id = c.school_year_id
             WHERE c.homeroom_teacher_id IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
    ]
