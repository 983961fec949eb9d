"""ISO 20022 camt.053, in whatever version: an entry a transfer, or several in one entry."""

from collections.abc import Iterator
from datetime import date

from lxml import etree

from khue.payments.lines import Line
from khue.payments.statements.refusals import DamagedStatement
from khue.payments.statements.table import Found
from khue.payments.statements.text import clean, day, dong

Element = etree._Element


def parse(data: bytes) -> Found:
    """Read every statement of a file.

    refuses  DamagedStatement
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as damage:
        raise DamagedStatement from damage
    found = Found()
    for statement in root.iter("{*}Stmt"):
        number = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
        if number:
            found.accounts.append(number)
        for position, entry in enumerate(statement.iterchildren("{*}Ntry"), start=1):
            _read(found, position, entry)
    return found


def _read(found: Found, position: int, entry: Element) -> None:
    if _text(entry, "Sts", "Cd") not in ("", "BOOK") or _text(entry, "Sts") == "PDNG":
        return  # announced, not booked: it comes again
    on = day(_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm") or _text(entry, "ValDt", "Dt"))
    if _text(entry, "CdtDbtInd") == "DBIT":
        found.gone += 1
        return
    is_taken_back = _text(entry, "RvslInd") == "true"
    lines = [] if on is None or is_taken_back else list(_lines(entry, on))
    if lines:
        found.lines += lines
    else:
        found.strange.append((position, clean(" ".join(map(str, entry.itertext())))))


def _lines(entry: Element, on: date) -> Iterator[Line]:
    """The transfers of an entry; nothing at all when one of them has no amount in đồng."""
    parts = list(entry.iterfind("{*}NtryDtls/{*}TxDtls")) or [entry]
    made = []
    for part in parts:
        amount = _amount(part) or (_amount(entry) if len(parts) == 1 else None)
        if not amount or amount < 0:
            return
        own = _text(part, "Refs", "AcctSvcrRef") or _text(part, "Refs", "TxId")
        of_entry = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
        reference = own or (of_entry if len(parts) == 1 else "")
        content = " ".join(str(text.text or "") for text in part.iterfind("{*}RmtInf/{*}Ustrd"))
        purpose = clean(content or _text(part, "AddtlTxInf") or _text(entry, "AddtlNtryInf"))
        payer = _text(part, "RltdPties", "Dbtr", "Nm") or _text(part, "RltdPties", "Dbtr", "Pty", "Nm")
        made.append(Line(on, amount, purpose, reference, payer))
    yield from made


def _amount(element: Element) -> int | None:
    found = element.find("{*}Amt")
    if found is None:
        found = element.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    if found is None or found.get("Ccy", "VND") != "VND":
        return None
    return dong(str(found.text or ""))


def _text(element: Element, *path: str) -> str:
    found = element.find("/".join(f"{{*}}{step}" for step in path))
    return clean(str(found.text or "")) if found is not None else ""
