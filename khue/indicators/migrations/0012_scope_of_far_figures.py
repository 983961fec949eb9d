"""A figure of another node is read where its body lies."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("indicators", "0011_far_figures")]
    operations = [protect("indicators_farfigure")]
