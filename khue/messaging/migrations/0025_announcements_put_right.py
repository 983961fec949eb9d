from django.db import migrations, models


class Migration(migrations.Migration):
    """When an announcement was put right or taken back, and why. Programs of before leave the columns alone."""

    dependencies = [("messaging", "0024_conversations_scope")]

    operations = [
        migrations.AddField("announcement", "corrected_at", models.DateTimeField(null=True)),
        migrations.AddField("announcement", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField("announcement", "withdrawn_reason", models.TextField(db_default="", default="")),
    ]
