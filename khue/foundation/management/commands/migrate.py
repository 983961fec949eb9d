"""`migrate`, and then the reference data of every room: no database exists without provinces and subjects."""

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from khue.foundation.extensions import reference_data
from khue.foundation.migrating import Executor

# Django's command offers no other place to name the executor it works with.
vars(migrate)["MigrationExecutor"] = Executor


class Command(migrate.Command):
    """Django's own command; after a full migration each room brings its reference data to what this release ships."""

    def handle(self, *args: object, **options: object) -> None:
        super().handle(*args, **options)
        partial = ("app_label", "migration_name", "plan", "check_unapplied", "fake", "prune")
        if any(options.get(name) for name in partial):
            return
        # Rooms speak to the default connection; the rows must land in the database that was just migrated.
        usual = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[str(options["database"])]
        try:
            for name, load in reference_data.items():
                written = load()
                if written and options.get("verbosity"):
                    self.stdout.write(f"  Reference data of {name}: {written} rows written.")
        finally:
            connections[DEFAULT_DB_ALIAS] = usual
