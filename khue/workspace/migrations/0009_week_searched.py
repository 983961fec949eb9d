"""What takes place in the week of an office is found by its words, as documents, tasks and minutes are."""

from django.db import migrations, models
from django.db.models import Func


class Migration(migrations.Migration):
    dependencies = [("workspace", "0008_number_of_minutes")]

    operations = [
        migrations.AddField(
            "occasion",
            "folded",
            models.GeneratedField(
                expression=Func("title", "attended_by", function="khue_fold", arg_joiner=" || ' ' || "),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
    ]
