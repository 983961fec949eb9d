"""`khue restore` without what comes after it: the tables are of this release, and nothing static is served."""

import sys
from pathlib import Path

from khue.cli import backup, database, restore

if __name__ == "__main__":
    with database.opened():
        restore.into_empty(backup.this_node(), Path(sys.argv[1]))
