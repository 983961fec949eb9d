"""The job that gives the seats of an admission."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_sealed_files"), ("schools", "0013_whose_place")]

    operations = [
        migrations.AddField(
            "admissionplan",
            "seating",
            models.ForeignKey("foundation.job", null=True, on_delete=models.PROTECT, related_name="+"),
        ),
    ]
