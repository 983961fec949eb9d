"""The job that puts the admitted into classes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_sealed_files"), ("schools", "0017_year_set_up")]

    operations = [
        migrations.AddField(
            "admissionplan",
            "placing",
            models.ForeignKey("foundation.job", null=True, on_delete=models.PROTECT, related_name="+"),
        ),
    ]
