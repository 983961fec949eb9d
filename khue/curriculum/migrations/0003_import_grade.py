"""A file of outcomes may leave the grade to the form it was uploaded with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0002_strands_plans_imports")]
    operations = [
        migrations.AddField("outcomeimport", "grade", models.SmallIntegerField(default=1), preserve_default=False)
    ]
