"""A move is seen in the scope of this side's school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("moves", "0001_moves")]
    operations = [protect("moves_move"), protect("moves_piece")]
