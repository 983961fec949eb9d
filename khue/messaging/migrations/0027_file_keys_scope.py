"""Keys of files exist only in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("messaging", "0026_file_keys")]
    operations = [protect("messaging_filekey")]
