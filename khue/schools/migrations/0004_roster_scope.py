"""Imports and remembered columns are seen in the scope of their school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_roster_imports")]
    operations = [protect("schools_rosterimport"), protect("schools_columnchoice")]
