"""Answers are seen in the scope of the school and never changed; lines told before get their content."""

from typing import Any

from django.db import migrations

from khue.foundation.rls import protect
from khue.payments.lines import Line, content_of


def tell_contents(apps: Any, editor: Any) -> None:
    """Give every line its content, so that another door may tell of it again."""
    lines = apps.get_model("payments", "BankLine").objects.using(editor.connection.alias)
    for line in lines.filter(content="").iterator():
        content = content_of(Line(line.on, line.amount, line.purpose))
        lines.filter(id=line.id).update(content=content)


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_answers_and_contents")]
    operations = [
        protect("payments_answer"),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON payments_answer FROM khue_app;",
            "GRANT UPDATE, DELETE ON payments_answer TO khue_app;",
        ),
        migrations.RunPython(tell_contents, migrations.RunPython.noop),
    ]
