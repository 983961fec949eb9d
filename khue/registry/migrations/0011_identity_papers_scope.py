"""A person's papers are seen where the person's file is kept."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_identity_papers")]
    operations = [protect("registry_identitypaper")]
