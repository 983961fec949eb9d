"""What a place compared is seen in its scope."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_vendor_sheets")]
    operations = [
        protect("exchange_vendorsheet"),
        protect("exchange_sheetline"),
        protect("exchange_headingmeaning"),
    ]
