"""A body's records are seen in its scope; positions in the feed come from one sequence."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        protect("exchange_peer"),
        protect("exchange_reportedrecord"),
        protect("exchange_batch"),
        protect("exchange_heldrecord"),
        protect("exchange_passage"),
        protect("exchange_declaredfact"),
        protect("exchange_staleschool"),
        protect("exchange_schoolquality"),
        migrations.RunSQL(
            "CREATE SEQUENCE exchange_position; GRANT USAGE ON SEQUENCE exchange_position TO khue_app",
            "DROP SEQUENCE exchange_position",
        ),
    ]
