"""Room for districts and communes of before the reform; communes of today get the codes of the state's final list."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _bare(name: str) -> str:
    """What two lists of the same communes spell alike."""
    from khue.registry.spelling import spelling_key

    return "".join(filter(str.isalnum, spelling_key(name)))


def renumber(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """Each commune keeps its row, and who lives there; the load after this migration finds it by its new code.

    The earlier package followed a draft of the list: 122 communes bear another code in the final one, some that of a
    neighbour. Codes are set in two steps, since they may only stand once.
    """
    territories = apps.get_model("registry", "Territory").objects.using(schema.connection.alias)
    rows = list(territories.filter(level="commune").select_related("parent"))
    if not rows:
        return
    from khue.registry.commune_data import communes

    final = {(one.province, _bare(f"{one.kind} {one.name}")): one.code for one in communes()}
    changed = []
    for row in rows:
        code = final.get((row.parent.code, _bare(f"{row.kind} {row.name}")), row.code)
        if code != row.code:
            changed.append((row, code))
    for number, (row, _code) in enumerate(changed):
        row.code = f"~{number}"
        row.save(update_fields=["code"])
    for row, code in changed:
        row.code = code
        row.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_successions")]
    operations = [
        migrations.AddField("formerterritory", "within", models.CharField(blank=True, default="", max_length=5)),
        migrations.AddField("formerterritory", "spelling_key", models.TextField(db_index=True, default="")),
        migrations.RunPython(renumber, migrations.RunPython.noop),
    ]
