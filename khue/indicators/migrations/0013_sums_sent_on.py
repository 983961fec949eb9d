"""An office's own report: the sum of what schools below it sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0012_scope_of_far_figures")]

    operations = [
        migrations.AddField("periodreport", "summed", models.PositiveIntegerField(null=True)),
        migrations.AddField("periodreport", "unknown", models.JSONField(default=dict)),
    ]
