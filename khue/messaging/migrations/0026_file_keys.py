"""Files of conversations have keys of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0006_sealed_files"),
        ("messaging", "0025_announcements_put_right"),
        ("registry", "0014_affiliations_of_a_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                (
                    "data_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="messaging.datakey"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.storedfile"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
    ]
