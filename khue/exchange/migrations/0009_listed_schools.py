"""What a node says of schools to those below it, with the place of each change; how far we heard from above."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_relays")]

    operations = [
        migrations.CreateModel(
            name="ListedSchool",
            fields=[
                ("code", models.CharField(max_length=35, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("node", models.UUIDField()),
                ("via", models.UUIDField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("position", models.BigIntegerField(unique=True)),
                ("is_gone", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField("peer", "listed", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("peer", "listed_at", models.DateTimeField(null=True)),
    ]
