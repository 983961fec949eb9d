"""Forget the commune codes of a table that no longer ships; the next load brings those of the package."""

from django.db import migrations

# Whoever lived there is in the province until the commune is chosen again.
FORGET = """
UPDATE registry_person p SET territory_id = t.parent_id FROM registry_territory t
    WHERE t.id = p.territory_id AND t.source LIKE '%code amended after%';
UPDATE registry_organisation o SET territory_id = t.parent_id FROM registry_territory t
    WHERE t.id = o.territory_id AND t.source LIKE '%code amended after%';
DELETE FROM registry_territory WHERE source LIKE '%code amended after%';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_management")]
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
