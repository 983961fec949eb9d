"""Files of some purposes are kept encrypted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0005_shared_files")]
    operations = [
        migrations.AddField("storedfile", "is_sealed", models.BooleanField(default=False, db_default=False)),
    ]
