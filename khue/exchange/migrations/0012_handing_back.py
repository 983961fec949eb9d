"""A school's rows may go back from its own node: when they were handed back, and when that was over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0011_years_of_copies")]

    operations = [
        migrations.AddField("peer", "handed_back_at", models.DateTimeField(null=True)),
        migrations.AddField("peer", "back_settled_at", models.DateTimeField(null=True)),
    ]
