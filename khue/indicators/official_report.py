"""A period report as its paper says it: whose, for whom, of what, the tables line by line, and who signed.

One school's report and what an office sums up from its schools are the same paper; official_word and official_sheet
write it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from khue.foundation.clock import VIETNAM
from khue.indicators.models import PeriodReport
from khue.indicators.reporting import BY_CODE, Line
from khue.indicators.statistics import TABLES
from khue.indicators.summing import Told
from khue.registry.models import Organisation
from khue.registry.queries.places import above_on_paper, parent_of


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a form. note: why a school wrote another figure, or of how many schools nothing is known."""

    line: Line
    value: int | None
    note: str = ""

    @property
    def code(self) -> str:
        return self.line.code

    @property
    def text(self) -> str:
        return self.line.begun

    @property
    def unit(self) -> str:
        return str(self.line.unit)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table of a form."""

    title: str
    lines: Sequence[ShownLine]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole form.

    above      who stands above the name of the issuer, "" for nobody; superior: whom it is for
    place      where it was signed; day: when; None before
    signer     who signed; "" before. powers: as what, a line each
    proof      sentences under the form: by what it was signed
    """

    issuer: str
    above: str
    superior: str
    title: str
    period: str
    tables: Sequence[ShownTable]
    place: str = ""
    day: date | None = None
    signer: str = ""
    powers: Sequence[str] = ()
    proof: Sequence[str] = ()


def shown(report: Told) -> list[ShownTable]:
    """The lines of a report, or of a sum, under the titles of their tables, in the order of the form."""
    lines = []
    for key, line in BY_CODE.items():
        if key in report.figures:
            corrected = report.corrected.get(key)
            value = corrected["value"] if corrected else report.figures[key]
            note = corrected["reason"] if corrected else _unknown(report.unknown.get(key, 0))
            lines.append(ShownLine(line, value, note))
    return tables_of(lines)


def tables_of(lines: Iterable[ShownLine]) -> list[ShownTable]:
    """Lines under the titles of their tables; a table of which nothing is said is left out."""
    held = list(lines)
    found = [(table, [line for line in held if line.line.table == table.key]) for table in TABLES]
    return [ShownTable(str(table.title), of_table) for table, of_table in found if of_table]


def _unknown(schools: int) -> str:
    return _("%(count)s trường chưa rõ") % {"count": schools} if schools else ""


#: As what the head of a body signs.
POWERS = {
    "school": ("HIỆU TRƯỞNG",), "ministry": ("BỘ TRƯỞNG",), "department": ("GIÁM ĐỐC",),
    "commune_office": ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"),
}  # fmt: skip


def summary_of(office: Organisation, tables: Sequence[ShownTable], *, title: str, period: str) -> Paper:
    """The paper of what an office sums up. Two queries."""
    superior = parent_of(office)
    return Paper(
        issuer=office.name, above=above_on_paper(office), superior=superior.name if superior else "", title=title,
        period=period, tables=tables, place=office.territory.name if office.territory else "",
        powers=_powers(office),
    )  # fmt: skip


def _powers(body: Organisation) -> Sequence[str]:
    return POWERS.get(body.kind, ("THỦ TRƯỞNG ĐƠN VỊ",))


def day_told(day: date | None) -> str:
    """ "ngày 05 tháng 9 năm 2026": a zero before days below ten and the first two months, that nobody adds a digit."""
    if day is None:
        return "ngày     tháng     năm"
    return f"ngày {day:%d} tháng {f'{day:%m}' if day.month < 3 else day.month} năm {day.year}"


def paper_of(report: PeriodReport, *, title: str) -> Paper:
    """The paper of one body's report. Two queries."""
    body = report.organisation
    signed = report.signed_at.astimezone(VIETNAM) if report.signed_at else None
    superior = parent_of(body)
    return Paper(
        issuer=body.name, above=above_on_paper(body), superior=superior.name if superior else "", title=title,
        period=report.school_year, tables=shown(report), place=body.territory.name if body.territory else "",
        day=signed.date() if signed else None,
        signer=report.signed_by_name, powers=_powers(body), proof=_proof(report, signed),
    )  # fmt: skip


def _proof(report: PeriodReport, signed: datetime | None) -> list[str]:
    if signed is None:
        return []
    told = _("Người kí: %(name)s, lúc %(at)s, xác nhận bằng tài khoản.")
    return [
        told % {"name": report.signed_by_name, "at": f"{signed:%H:%M %d/%m/%Y}"}, f"SHA-256: {report.digest}"
    ]  # fmt: skip
