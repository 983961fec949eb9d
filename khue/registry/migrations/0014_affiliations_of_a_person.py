"""What a person is, is looked up by the person again.

Without this index PostgreSQL 18 looked for a person's affiliations by skipping through those of every school, 7,700
searches for a page of fifty people, as soon as its statistics were older than the schools: 2.5 ms became 32.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_one_index_a_column")]
    operations = [
        migrations.AlterField(
            model_name="affiliation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        )
    ]
