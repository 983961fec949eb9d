"""Letters over more than one node: by whom one was brought, and which nodes lie behind a node below."""

import django.db.models.deletion
from django.db import migrations, models

# What was taken before came from the one who had written it.
_BROUGHT = "UPDATE exchange_letter SET via = from_node WHERE from_node NOT IN (SELECT node FROM exchange_thisnode)"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_vendor_sheets_scope")]

    operations = [
        migrations.AddField("letter", "via", models.UUIDField(null=True)),
        migrations.RunSQL(_BROUGHT, migrations.RunSQL.noop),
        migrations.AddField(
            "knownnode",
            "behind",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="exchange.peer"
            ),
        ),
        migrations.AddField("knownnode", "schools", models.JSONField(default=list, db_default=[])),
        migrations.AddField("peer", "nodes_told", models.CharField(default="", db_default="", max_length=64)),
        migrations.AddField("peer", "nodes_told_at", models.DateTimeField(null=True)),
    ]
