"""Paragraphs, runs and tables of a Word file as lines of pieces."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from khue.assessment.word import equations
from khue.assessment.word.numbering import Numbering
from khue.assessment.word.package import MATHS, RELATION, WORD, Package
from khue.assessment.word.pieces import Kind, Line, Looks, Piece, html

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_VML_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Pictures a browser shows. Word's own drawing formats (wmf, emf) and TIFF are named as unsupported.
SHOWN = ("png", "jpg", "jpeg", "gif", "webp", "bmp")
_SYMBOL_FONT = dict(
    zip(map(ord, "abcdefghijklmnopqrstuvwxyz"), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)
) | {0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xAE: "→", 0xDE: "⇒", 0xA5: "∞",
     0x44: "Δ", 0x57: "Ω", 0x53: "Σ", 0xCE: "∈", 0xD0: "∠", 0x5E: "⊥"}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A table: rows of cells, each a list of lines. Merged cells stand where they begin."""

    rows: list[list[list[Line]]]


@dataclass
class LineReader:
    """Reads one document; keeps the numbering's counters while it goes down the page."""

    package: Package
    numbering: Numbering = field(init=False)

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.package.numbering)

    def blocks(self, container: etree._Element) -> Iterator[list[Line] | Grid]:
        """Paragraphs as lists of lines, and tables, in reading order."""
        for child in container:
            if child.tag == f"{WORD}p":
                yield self.paragraph(child)
            elif child.tag == f"{WORD}tbl":
                yield self.grid(child)
            elif isinstance(child.tag, str) and child.tag != f"{WORD}sectPr":
                yield from self.blocks(child)

    def grid(self, table: etree._Element) -> Grid:
        """The table's cells; a table inside a cell becomes one piece of a line."""
        return Grid([[self._cell(cell) for cell in row.iterfind(f"{WORD}tc")] for row in table.iter(f"{WORD}tr")
                     if _nearest_table(row) is table])  # fmt: skip

    def _cell(self, cell: etree._Element) -> list[Line]:
        lines: list[Line] = []
        for block in self.blocks(cell):
            lines.extend([(as_piece(block),)] if isinstance(block, Grid) else block)
        return lines

    def paragraph(self, paragraph: etree._Element) -> list[Line]:
        """The paragraph's lines, begun by the label that automatic numbering prints."""
        lines: list[list[Piece]] = [[]]
        label = self.numbering.label(paragraph)
        if label:
            lines[0].append(Piece(Kind.TEXT, f"{label} ", _looks(paragraph.find(f"{WORD}pPr"))))
        self._inside(paragraph, Looks(), lines)
        return [tuple(line) for line in lines]

    def _inside(self, node: etree._Element, looks: Looks, lines: list[list[Piece]]) -> None:
        for child in node:
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                continue
            if child.tag == f"{WORD}r":
                self._inside(child, _looks(child), lines)
            elif child.tag in (f"{MATHS}oMath", f"{MATHS}oMathPara"):
                written = equations.tex(child)
                if written:
                    lines[-1].append(Piece(Kind.FORMULA, written))
            elif child.tag in (_DRAWING, _VML_PICTURE):
                lines[-1].append(self._picture(child))
            elif child.tag in (f"{WORD}br", f"{WORD}cr"):
                lines.append([])
            elif child.tag == f"{WORD}p":  # of a text box
                lines.append([])
                self._inside(child, looks, lines)
            elif (text := _text_of(child)) is not None:
                lines[-1].append(Piece(Kind.TEXT, text, looks))
            else:
                self._inside(child, looks, lines)

    def _picture(self, node: etree._Element) -> Piece:
        relation = node.get(f"{RELATION}embed") or node.get(f"{RELATION}id") or ""
        name = self.package.targets.get(relation, "")
        known = name.rpartition(".")[2].lower() in SHOWN
        return Piece(Kind.PICTURE if known else Kind.UNSUPPORTED, name.rpartition("/")[2] if known else name or "?")


_SILENT = {f"{WORD}{name}" for name in ("pPr", "rPr", "del", "delText", "instrText", "sectPr", "moveFrom")}
_SILENT |= {_FALLBACK}


def as_piece(grid: Grid) -> Piece:
    """A table as one piece of a line."""
    rows = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in grid.rows)
    return Piece(Kind.TABLE, f"<table>{rows}</table>")


def unsupported_in(lines: list[Line]) -> list[str]:
    """Names of the pictures in these lines that no browser shows, once each."""
    return list(dict.fromkeys(p.text for line in lines for p in line if p.kind is Kind.UNSUPPORTED))


def _nearest_table(row: etree._Element) -> etree._Element | None:
    return next(row.iterancestors(f"{WORD}tbl"), None)


def _text_of(node: etree._Element) -> str | None:
    if node.tag == f"{WORD}t":
        text = unicodedata.normalize("NFC", node.text or "")
        return text.replace("\u00a0", " ").replace("\ufffc", "").replace("\n", " ")
    if node.tag in (f"{WORD}tab", f"{WORD}ptab"):
        return "\t"
    if node.tag == f"{WORD}noBreakHyphen":
        return "-"
    if node.tag == f"{WORD}sym":
        return _symbol(str(node.get(f"{WORD}char", "")))
    return None


def _symbol(code: str) -> str:
    try:
        value = int(code, 16) & 0xFF
    except ValueError:
        return "�"
    return _SYMBOL_FONT.get(value, chr(value) if 0x20 <= value < 0x7F else "�")


def _looks(node: etree._Element | None) -> Looks:
    properties = None if node is None else node.find(f"{WORD}rPr")
    if properties is None:
        return Looks()
    colour = _value(properties, "color").lower()
    highlight = _value(properties, "highlight").lower()
    underline = _value(properties, "u")
    script = _value(properties, "vertAlign")
    return Looks(
        bold=_is_on(properties, "b"),
        italic=_is_on(properties, "i"),
        underline=underline not in ("", "none"),
        script={"subscript": "sub", "superscript": "sup"}.get(script, ""),
        colour="" if colour in ("auto", "000000") else colour,
        highlight="" if highlight in ("none", "white") else highlight,
    )


def _value(properties: etree._Element, name: str) -> str:
    found = properties.find(f"{WORD}{name}")
    return "" if found is None else str(found.get(f"{WORD}val", ""))


def _is_on(properties: etree._Element, name: str) -> bool:
    found = properties.find(f"{WORD}{name}")
    return found is not None and found.get(f"{WORD}val", "1") not in ("0", "false", "off", "none")
