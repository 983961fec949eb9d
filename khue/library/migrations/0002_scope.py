"""A school's resources are seen in its scope; approved ones for everyone, by everyone."""

from django.db import migrations

from khue.foundation.rls import protect

FOR_EVERYONE = "audience = 'everyone' AND approved_at IS NOT NULL AND withdrawn_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [
        protect("library_resource", also_readable=FOR_EVERYONE),
        protect(
            "library_resourceoutcome",
            also_readable=f"EXISTS (SELECT 1 FROM library_resource r WHERE r.id = resource_id AND {FOR_EVERYONE})",
        ),
    ]
