"""A school sees what it is asked, an office what it asked of the schools below it."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("indicators", "0009_asked_reports")]
    operations = [protect("indicators_askedreport")]
