"""Plans and places of an admission are seen in the scope of the school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("schools", "0009_admission")]
    operations = [protect("schools_admissionplan"), protect("schools_admissionplace")]
