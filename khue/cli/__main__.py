"""`khue`, the one command of operators. Each part is thin: it reads arguments and calls one function of a room.

khue serve [--host H] [--port N] [--empty]   everything under one address; Ctrl-C stops everything
khue worker                                  background work only, on a machine of its own
khue demo [--scale N|national]               load the demonstration province, or write a country to the lake
khue lake [--month M] [--spark MASTER]       let facts flow into the lake and count a month from it
khue begin KIND NAME --code CODE             the first body of an empty node
khue account ROLE NAME [--body CODE]         the first operator or officer, or a way back in
khue import KIND FILE ...                    bring in a roster or reference data
khue backup FILE                             database and files, in one archive
khue restore FILE                            into an empty node
khue keys rotate [--school CODE]             new keys for what schools keep encrypted
khue exchange ...                            pair with other nodes; send and receive, by line or by file
khue check [database|storage|audit|mail|disk]
"""

import errno
import importlib
import os
import sys

#: Each command lives in a module of the same name and is imported only when it is called.
COMMANDS = {
    "serve": "serve",
    "worker": "worker",
    "demo": "demo",
    "lake": "lake",
    "begin": "begin",
    "account": "account",
    "import": "importing",
    "backup": "backup",
    "restore": "restore",
    "keys": "keys",
    "exchange": "exchange",
    "check": "check",
}

#: A folder that is full, closed or no folder: nothing the program can mend.
UNUSABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.ENOTDIR, errno.EEXIST}
WHERE = "A node keeps its data in var/, or in the folder that KHUE_VAR names: it must be able to write there."


def main() -> int:
    """Run one command; its exit code. A failure the operator can mend is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
    name, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in {"", "help", "-h", "--help"} else 2
    from khue.cli.failures import Failure

    try:
        return int(importlib.import_module(f"khue.cli.{COMMANDS[name]}").main(arguments))
    except Failure as failure:
        print(f"khue {name}: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise
        print(f"khue {name}: {error.strerror}: {error.filename or ''}. {WHERE}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
