"""What a school has sent is looked up without reading its figures."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("indicators", "0017_scope_of_sums_kept")]

    operations = [
        migrations.AddIndex(
            "periodreport",
            models.Index(
                fields=["organisation", "school_year", "period"],
                name="period_report_sent",
                include=["is_late"],
                condition=Q(state="sent"),
            ),
        ),
    ]
