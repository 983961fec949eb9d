from django.db import migrations, models


class Migration(migrations.Migration):
    """An import may be of a list of staff."""

    dependencies = [("schools", "0014_admission_seating")]

    operations = [
        migrations.AlterField(
            model_name="rosterimport",
            name="source",
            field=models.CharField(
                choices=[("excel", "Excel"), ("oneroster", "Oneroster"), ("staff", "Staff")], max_length=9
            ),
        ),
    ]
