"""Which invoice cash pays, as its receipt names it. Earlier postings name none: `allocation` alone decides of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_bank_line_settled_as")]
    operations = [
        migrations.AddField(
            "posting",
            "invoice",
            models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="payments.invoice",
            ),
        ),
        migrations.AddConstraint(
            "posting",
            models.CheckConstraint(
                condition=models.Q(("invoice", None), models.Q(("amount__lt", 0), ("book", "family")), _connector="OR"),
                name="posting_pays",
            ),
        ),
    ]  # fmt: skip
