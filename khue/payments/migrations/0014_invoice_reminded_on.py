"""The last day on which a family was reminded of an invoice: a column that is null costs nothing to add."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_book_days")]
    operations = [migrations.AddField("invoice", "reminded_on", models.DateField(null=True))]
