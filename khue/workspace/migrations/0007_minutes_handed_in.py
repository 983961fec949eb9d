from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Minutes are handed in before anybody agrees to them. No row is, so that the index is built at once."""

    dependencies = [("workspace", "0006_document_answers")]

    operations = [
        migrations.AddField("meeting", "submitted_at", models.DateTimeField(null=True)),
        migrations.AddField("meeting", "returned", models.TextField(default="", db_default="")),
        migrations.AddIndex(
            "meeting",
            models.Index(
                fields=["organisation"],
                name="meetings_submitted",
                condition=Q(submitted_at__isnull=False, agreed_at=None),
            ),
        ),
    ]
