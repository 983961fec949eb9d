import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A document that leaves may answer one that arrived. No row has it yet, so that the index is built at once."""

    dependencies = [("workspace", "0005_leave_of_the_board")]

    operations = [
        migrations.AddField(
            "document",
            "answers",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workspace.document",
            ),
        ),
        migrations.AddIndex(
            "document", models.Index(fields=["answers"], name="document_answers", condition=~Q(answers=None))
        ),
    ]
