"""`khue serve | worker | demo | import | backup | restore | check`: thin, each calls one function of a room."""

import sys


def main() -> int:
    """Find the command and run it. Only the chosen one is imported, so that the supervisor stays small."""
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main())
