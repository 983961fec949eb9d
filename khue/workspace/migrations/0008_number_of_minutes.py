"""Minutes have a number of their own once they are agreed to. Those agreed to before were given none, and stay so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspace", "0007_minutes_handed_in")]

    operations = [
        migrations.AddField("meeting", "symbol", models.TextField(default="", db_default="")),
    ]
