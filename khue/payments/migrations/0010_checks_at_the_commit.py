"""Checks that wait for the commit see what was written, whatever scope the transaction has by then.

A call of a bank enters the school's scope for its action alone; at the commit nothing is in scope any more, and what the
application may not see is not there for a function that runs as the application. So they run as the tables' owner.
"""

from django.db import migrations

FUNCTIONS = ("khue_entry_balances", "khue_receipt_follows")


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_office_scope")]
    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {name}() SECURITY DEFINER SET search_path = public, pg_temp;",
            f"ALTER FUNCTION {name}() SECURITY INVOKER RESET search_path;",
        )
        for name in FUNCTIONS
    ]
