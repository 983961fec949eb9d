"""Which kind of statement a file is, and its lines."""

from collections.abc import Callable
from dataclasses import dataclass

from khue.payments.lines import Line
from khue.payments.statements import camt, mt940, table
from khue.payments.statements.refusals import NotAStatement, StatementTooLarge
from khue.payments.statements.text import decoded

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says.

    kind      "mt940", "camt.053" or "table"
    accounts  numbers of the accounts that the file names itself; empty where it names none
    lines     money that came, in the order of the file
    gone      how many lines are money that went out
    strange   (line or entry number, what stands there) of what could not be understood
    """

    kind: str
    accounts: tuple[str, ...]
    lines: tuple[Line, ...]
    gone: int
    strange: tuple[tuple[int, str], ...]


def read(data: bytes) -> Statement:
    """Read a statement, whatever its kind.

    refuses  StatementTooLarge, NotAStatement
    """
    if len(data) > MOST_BYTES:
        raise StatementTooLarge(limit=MOST_BYTES // MEGABYTE)
    kind, parse = _kind(data)
    found = parse(data)
    if not (found.lines or found.gone or found.strange):
        raise NotAStatement
    return Statement(kind, tuple(found.accounts), tuple(found.lines), found.gone, tuple(found.strange))


def _kind(data: bytes) -> tuple[str, Callable[[bytes], "table.Found"]]:
    beginning = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning.startswith(b"<"):
        return "camt.053", camt.parse
    if b":20:" in beginning and b":25:" in data[:65536]:
        return "mt940", lambda content: mt940.parse(decoded(content))
    return "table", lambda content: table.parse(decoded(content))
