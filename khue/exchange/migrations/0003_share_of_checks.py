"""A school's score is the share of checks that found nothing; counted anew when a school is next collected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_scope")]
    operations = [
        migrations.AddField("schoolquality", "checks", models.IntegerField(default=0)),
        migrations.AddField("schoolquality", "failed", models.IntegerField(default=0)),
    ]
