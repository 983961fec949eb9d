from django.db import migrations, models


class Migration(migrations.Migration):
    """Leave of who decides at a school is known when it is asked for; what was asked before keeps its deciders."""

    dependencies = [("workspace", "0004_scope_of_more")]

    operations = [
        migrations.AddField("staffleave", "of_board", models.BooleanField(default=False, db_default=False)),
        migrations.AlterField("staffleave", "of_board", models.BooleanField(default=False)),
    ]
