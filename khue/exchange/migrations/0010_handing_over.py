"""Who keeps a school's rows may change: when they were handed over, and which handing over was taken up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_listed_schools")]

    operations = [
        migrations.AddField("peer", "handed_over_at", models.DateTimeField(null=True)),
        migrations.AddField("peer", "taken_up_at", models.DateTimeField(null=True)),
    ]
