"""That nothing is left to do about a transfer in its state: a column with a constant costs nothing to add."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_what_the_desk_reads")]
    operations = [
        migrations.AddField("bankline", "settled_as", models.CharField(default="", db_default="", max_length=9)),
    ]
