"""A school may say that a year is set up before it takes a roll here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0016_accountants")]
    operations = [
        migrations.AddField(
            model_name="schoolyear", name="is_set_up", field=models.BooleanField(db_default=False, default=False)
        )
    ]
