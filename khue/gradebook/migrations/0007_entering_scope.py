"""Who sees which workbook and which received mark."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0006_entering")]
    operations = [protect("gradebook_markimport"), protect("gradebook_receivedmark")]
