"""Requests to take a second factor away are isolated by the organisation where the account has a role."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_factor_reset")]
    operations = [protect("identity_factorreset")]
