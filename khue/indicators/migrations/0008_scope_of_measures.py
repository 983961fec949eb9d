"""Who answers for a province writes its measures; everybody may read them."""

from django.db import migrations

from khue.foundation.rls import protect


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_measures_of_provinces")]
    operations = [protect("indicators_humanmeasure", also_readable="true")]
