import django.db.models.deletion
from django.db import migrations, models

#: A plan is a promise to the public and holds nobody's data: whoever asks reads it.
READ_BY_ALL = """
DROP POLICY scope_select ON schools_admissionplan;
CREATE POLICY scope_select ON schools_admissionplan FOR SELECT USING (true);
"""
READ_IN_SCOPE = """
DROP POLICY scope_select ON schools_admissionplan;
CREATE POLICY scope_select ON schools_admissionplan FOR SELECT USING ((SELECT khue_scope_is_all())
    OR schools_admissionplan.organisation_id = ANY ((SELECT khue_scope())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("schools", "0010_admission_scope")]
    operations = [
        migrations.AddField("admissionplan", "who", models.TextField(default="")),
        migrations.AddField("admissionplan", "papers", models.TextField(default="")),
        migrations.AddField(
            "admissionplace",
            "enrolment",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
            ),
        ),
        migrations.RunSQL(READ_BY_ALL, READ_IN_SCOPE),
    ]
