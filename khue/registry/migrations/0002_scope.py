"""Who sees whose file: an organisation sees the people whose file it keeps and those who belong to it."""

from django.db import migrations

from khue.foundation.rls import IN_SCOPE, protect

BELONGS = (
    "EXISTS (SELECT 1 FROM registry_affiliation a WHERE a.person_id = registry_person.id AND "
    + IN_SCOPE.format(column="a.organisation_id")
    + ")"
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        protect("registry_affiliation"),
        protect("registry_guardianship"),
        protect("registry_person", also_readable=BELONGS, also_writable=BELONGS),
    ]
