"""Rules of meals are seen in the scope of the school."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("attendance", "0005_meal_rules")]
    operations = [protect("attendance_mealrules")]
