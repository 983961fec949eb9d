"""What an office looks at all day, out of an index each: what families owe a school, and its latest receipts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_invoice_reminded_on")]
    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("paid__lt", models.F("total"))),
                fields=["organisation", "family", "due_on"],
                include=["total", "paid"],
                name="invoices_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["organisation", "-id"], name="receipts_of_school"),
        ),
    ]
