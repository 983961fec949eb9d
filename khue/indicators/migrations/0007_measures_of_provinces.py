"""Components of human capital are kept for provinces too, and where they are to be."""

import django.db.models.deletion
from django.db import migrations, models

#: What was kept was the country's: it is the Ministry's. A node without one has nothing that could be kept.
OF_THE_COUNTRY = """
UPDATE indicators_humanmeasure SET organisation_id = (
    SELECT id FROM registry_organisation WHERE kind = 'ministry' ORDER BY id LIMIT 1
);
DELETE FROM indicators_humanmeasure WHERE organisation_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_scope_of_class_counts")]
    operations = [
        migrations.RemoveConstraint("countrymeasure", "country_measure_once"),
        migrations.RenameModel("CountryMeasure", "HumanMeasure"),
        migrations.AddField("humanmeasure", "is_target", models.BooleanField(default=False)),
        migrations.AddField(
            "humanmeasure",
            "organisation",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="registry.organisation",
            ),
        ),
        migrations.RunSQL(OF_THE_COUNTRY, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "humanmeasure",
            "organisation",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="registry.organisation",
            ),
        ),
        migrations.AddConstraint(
            "humanmeasure",
            models.UniqueConstraint(
                fields=("organisation", "component", "year", "is_target"), name="human_measure_once"
            ),
        ),
    ]  # fmt: skip
