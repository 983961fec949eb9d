"""Letters are seen in the scope of the body they wait for."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_letters")]
    operations = [protect("exchange_letter")]
