"""What internet banking saves as .xls and is none: a page with a table, or a spreadsheet as XML of 2003."""

from collections.abc import Iterator, Sequence

from lxml import etree, html

from khue.payments.statements.refusals import DamagedStatement
from khue.payments.statements.table import Found, of_rows
from khue.payments.statements.text import decoded

Element = etree._Element
_MOST_SPAN = 60
SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


def parse(data: bytes) -> Found:
    """Read the first table of a page that holds transfers.

    refuses  DamagedStatement
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(decoded(data).replace("\x00", "").encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as damage:
        raise DamagedStatement from damage
    return _first(_rows_of_page(table) for table in root.iter("table"))


def parse_spreadsheet(data: bytes) -> Found:
    """Read the first sheet of a spreadsheet as XML that holds transfers.

    refuses  DamagedStatement
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as damage:
        raise DamagedStatement from damage
    return _first(_rows_of_sheet(table) for table in root.iter("{*}Table"))


def _first(tables: Iterator[Iterator[Sequence[str]]]) -> Found:
    found = Found()
    for rows in tables:
        found = of_rows(rows)
        if found.lines or found.gone or found.strange:
            break
    return found


def _rows_of_page(table: Element) -> Iterator[Sequence[str]]:
    """Cells that lie over several columns are counted as many, so that headings stay above their columns."""
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            cells.append(" ".join(" ".join(map(str, cell.itertext())).split()))
            cells += [""] * (_number(cell.get("colspan")) - 1)
        yield cells


def _rows_of_sheet(table: Element) -> Iterator[Sequence[str]]:
    """Empty cells are left out of such a file: the next one says where it stands."""
    for row in table.iterchildren("{*}Row"):
        cells: list[str] = []
        for cell in row.iterchildren("{*}Cell"):
            place = _number(cell.get(f"{{{SPREADSHEET.decode()}}}Index"), len(cells) + 1)
            cells += [""] * (place - len(cells) - 1)
            cells.append("".join(map(str, cell.itertext())).strip())
            cells += [""] * _number(cell.get(f"{{{SPREADSHEET.decode()}}}MergeAcross"), 0)
        yield cells


def _number(text: str | None, usual: int = 1) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isascii() and text.isdigit() else usual
