"""An organisation's counts are seen in its scope."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [protect("indicators_indicatorcount"), protect("indicators_staleschool")]
