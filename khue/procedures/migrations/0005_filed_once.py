"""A form that is sent twice files one case: the second sending finds the first by its key."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_attachments_scope")]
    operations = [
        migrations.AddField("case", "key", models.UUIDField(editable=False, null=True)),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                condition=Q(key__isnull=False), fields=["organisation", "key"], name="case_filed_once"
            ),
        ),
    ]
