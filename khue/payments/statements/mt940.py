"""SWIFT MT940: one :61: a transfer, what it is for in the :86: behind it."""

import re
from collections.abc import Iterator
from datetime import date

from khue.payments.lines import Line
from khue.payments.statements.table import Found
from khue.payments.statements.text import clean, dong

_FIELD = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
#: Value date, entry date, mark (C, D, or RC, RD for what is taken back), funds code, amount, type, references.
_TRANSFER = re.compile(
    r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>\d{1,15}(?:,\d{0,2})?)"
    r"(?:[A-Z][A-Z0-9]{3})(?P<own>[^\n]{0,16}?)(?://(?P<bank>[^\n]*))?(?:\n|$)"
)
_NONE = "NONREF"
_SUBFIELD = re.compile(r"\?(\d{2})")


def parse(text: str) -> Found:
    """Read every statement of a file."""
    found = Found()
    fields = list(_fields(text))
    for position, (number, tag, value) in enumerate(fields):
        if tag == "25" and value.strip():
            found.accounts.append(re.sub(r"\W", "", value.rpartition("/")[2]))
        if tag == "61":
            following = fields[position + 1] if position + 1 < len(fields) else (0, "", "")
            _read(found, number, value, following[2] if following[1] == "86" else "")
    return found


def _fields(text: str) -> Iterator[tuple[int, str, str]]:
    """(line number, tag, value) of each field."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marks = list(_FIELD.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        value = text[mark.end() : end].removesuffix("\n").split("\n-}")[0]
        yield text.count("\n", 0, mark.start()) + 1, mark[1], value


def _read(found: Found, number: int, value: str, about: str) -> None:
    transfer = _TRANSFER.match(value)
    amount = dong(_whole(transfer["amount"])) if transfer else None
    on = _day(transfer) if transfer else None
    if transfer is None or amount is None or on is None:
        found.strange.append((number, clean(value)))
    elif transfer["mark"] != "C":
        # RD gives back what was taken, RC takes back what was given: both are for a person to look at.
        found.gone += transfer["mark"] == "D"
        if transfer["mark"] != "D":
            found.strange.append((number, clean(f"{value} {about}")))
    elif amount:
        purpose, payer = _purpose(about)
        found.lines.append(Line(on, amount, purpose, _reference(transfer), payer))


def _reference(transfer: "re.Match[str]") -> str:
    """The bank's own number, else the customer's unless it says that there is none."""
    return next(
        (
            text
            for given in (transfer["bank"], transfer["own"])
            if (text := clean(given or "").strip()) and text != _NONE
        ),
        "",
    )


def _whole(amount: str) -> str:
    """MT940 always writes the decimal comma, with nothing behind it where there are no decimals: "1250000,"."""
    whole, _comma, decimals = amount.partition(",")
    return f"{whole},{decimals}" if decimals else whole


def _day(transfer: "re.Match[str]") -> date | None:
    try:
        return date(2000 + int(transfer["year"]), int(transfer["month"]), int(transfer["day"]))
    except ValueError:
        return None


def _purpose(about: str) -> tuple[str, str]:
    """(content, name of the payer). Some banks number parts: ?20 to ?29 are the content, ?32 and ?33 the name."""
    parts = _SUBFIELD.split(about.replace("\n", ""))
    if len(parts) < 3:
        return clean(about.replace("\n", "")), ""
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    content = "".join(text for tag, text in sorted(named.items()) if "20" <= tag <= "29")
    return clean(content), clean(named.get("32", "") + named.get("33", ""))
