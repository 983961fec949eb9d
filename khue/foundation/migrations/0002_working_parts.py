"""What jobs need to go on after a killed worker, what a file was stored for, which rows an audit block covers."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_foundation")]
    operations = [
        migrations.AddField("job", "position", models.JSONField(null=True)),
        migrations.AddField("job", "attempts", models.SmallIntegerField(default=0)),
        migrations.AddField("job", "last_error", models.TextField(default="")),
        migrations.AddField("job", "cancel_asked_at", models.DateTimeField(null=True)),
        migrations.AddIndex("job", models.Index(fields=["account_id", "-id"], name="job_of_account")),
        migrations.AddIndex("job", models.Index(fields=["organisation_id", "-id"], name="job_of_organisation")),
        migrations.AddField("storedfile", "purpose", models.TextField(default="")),
        migrations.AlterField("auditblock", "id", models.BigIntegerField(primary_key=True, serialize=False)),
        migrations.AddField(
            "auditblock",
            "row_ids",
            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddField("auditblock", "row_hashes", models.BinaryField(default=b""), preserve_default=False),
    ]
