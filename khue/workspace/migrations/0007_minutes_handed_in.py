from django.db import migrations, models
from django.db.models import Q

#: Whoever agrees to minutes read them as drafts until now: none of these may wait for a step nobody knew of.
_HANDED_IN = "UPDATE workspace_meeting SET submitted_at = written_at WHERE agreed_at IS NULL"


class Migration(migrations.Migration):
    """Minutes are handed in before anybody agrees to them. Those that wait are few, so that the index is built at once."""

    dependencies = [("workspace", "0006_document_answers")]

    operations = [
        migrations.AddField("meeting", "submitted_at", models.DateTimeField(null=True)),
        migrations.AddField("meeting", "returned", models.TextField(default="", db_default="")),
        migrations.RunSQL(_HANDED_IN, migrations.RunSQL.noop),
        migrations.AddIndex(
            "meeting",
            models.Index(
                fields=["organisation"],
                name="meetings_submitted",
                condition=Q(submitted_at__isnull=False, agreed_at=None),
            ),
        ),
    ]
