"""Messages are seen in the scope of the school that tells them."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [protect("messaging_message"), protect("messaging_delivery")]
