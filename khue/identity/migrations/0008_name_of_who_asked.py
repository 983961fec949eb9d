"""Who asked for a factor reset may be an officer out of the reader's sight: the name stands in the row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_factor_reset_scope")]
    operations = [migrations.AddField("factorreset", "asked_by_name", models.TextField(default=""))]
