"""An outgoing document as plain values, in the order and wording of Decree 30/2020/NĐ-CP, annex I.

Word and PDF print the same Layout, so that they never differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khue.workspace import symbols
from khue.workspace.official.parts import Part, parts_of

#: Who stands at the head of a body, by Organisation.kind; a text of the document, and so always Vietnamese.
HEADS = {"school": "Hiệu trưởng", "department": "Giám đốc", "ministry": "Bộ trưởng", "commune_office": "Chủ tịch"}
#: Bodies that decide together: who signs does so on their behalf, "TM." (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.7).
TOGETHER = {"commune_office": "Uỷ ban nhân dân"}
OTHER_HEAD = "Thủ trưởng đơn vị"
#: Kinds that are addressed to somebody: "Kính gửi:".
ADDRESSED = frozenset({"letter", "submission", "report", "invitation"})
URGENT = {"urgent": "KHẨN", "very_urgent": "THƯỢNG KHẨN", "express": "HỎA TỐC"}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the lines of power and office above, the name below."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that is printed.

    symbol     "Số: 07/KH-THCSKĐ"; dots while there is no number
    kind       in capitals; empty for an official letter, which has `about` below its symbol instead
    authority  who decides, in capitals, above the grounds of a decision
    to         whom the document addresses
    copies     nơi nhận, with dashes, semicolons and the full stop
    """

    superior: str
    issuer: str
    symbol: str
    place_and_day: str
    stamp: str
    kind: str
    about: str
    authority: str
    to: tuple[str, ...]
    parts: tuple[Part, ...]
    signatures: tuple[Signature, ...]
    copies: tuple[str, ...]
    name: str

    @property
    def is_letter(self) -> bool:
        return not self.kind


@dataclass(frozen=True, slots=True)
class Written:
    """What the layout needs to know of a document and the body that issues it.

    head        the office of the head of the body, "Hiệu trưởng"
    together    what a body is called that decides together, "Uỷ ban nhân dân"; "" where its head decides
    signed_for  "KT.", "TL.", "TUQ.", "Q.", or empty
    """

    superior: str
    issuer: str
    head: str
    together: str
    kind: str
    symbol: str
    dated_on: date | None
    place: str
    urgency: str
    addressee: str
    summary: str
    body: str
    signed_for: str
    signer_title: str
    signer_name: str
    copies: str


def layout(of: Written) -> Layout:
    """Lay a document out."""
    is_letter, decides = of.kind == "letter", of.kind == "decision"
    addressees = lines_of(of.addressee)
    is_addressed = of.kind in ADDRESSED and bool(addressees)
    return Layout(
        superior=kept(of.superior).upper(),
        issuer=kept(of.issuer).upper(),
        symbol=f"Số: {of.symbol or '……/' + symbols.symbol(1, of.kind, '……').partition('/')[2]}",
        place_and_day=place_and_day(of.place, of.dated_on),
        stamp=URGENT.get(of.urgency, ""),
        kind="" if is_letter else symbols.BY_CODE[of.kind].name.upper(),
        about=f"V/v {lowered(of.summary)}" if is_letter else of.summary,
        authority=(of.issuer if of.together else f"{of.head} {of.issuer}").upper() if decides else "",
        to=addressees if is_addressed else (),
        parts=parts_of(of.body, decides=decides),
        signatures=(Signature(_powers(of), of.signer_name),),
        copies=_copies(of, is_addressed=is_addressed),
        name=of.symbol or symbols.BY_CODE[of.kind].name,
    )


def kept(name: str) -> str:
    """A name whose last two words stay on one line: that of a place is not torn."""
    return name if "\u00a0" in name else "\u00a0".join(name.rsplit(" ", 1))


def lines_of(text: str) -> tuple[str, ...]:
    """Lines, or parts between semicolons, without what closes them."""
    found = (each.strip().strip("-–;. ").strip() for line in text.splitlines() for each in line.split(";"))
    return tuple(filter(None, found))


def place_and_day(place: str, day: date | None) -> str:
    """ "Mỹ An, ngày 05 tháng 01 năm 2027": days below ten and the first two months with a zero before them."""
    before = f"{place}, ngày" if place else "Ngày"
    if day is None:
        return f"{before} …… tháng …… năm ………"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{before} {day.day:02} tháng {month} năm {day.year}"


def _powers(of: Written) -> tuple[str, ...]:
    """ "HIỆU TRƯỞNG"; "KT. HIỆU TRƯỞNG" above "PHÓ HIỆU TRƯỞNG"; above both "TM. UỶ BAN NHÂN DÂN" where it decides."""
    title = of.signer_title or of.head
    all_of_them = (f"TM. {of.together}".upper(),) if of.together and of.signed_for in ("", "Q.", "KT.") else ()
    if of.signed_for in ("", "Q."):
        return (*all_of_them, " ".join(filter(None, [of.signed_for, title])).upper())
    standing_in = f"{of.signed_for} {of.head}".upper()
    return (*all_of_them, standing_in) if title == of.head else (*all_of_them, standing_in, title.upper())


def _copies(of: Written, *, is_addressed: bool) -> tuple[str, ...]:
    given = list(lines_of(of.copies))
    if not given:
        given = ["Như trên"] if is_addressed else list(lines_of(of.addressee))
    if not any(line.casefold().startswith("lưu") for line in given):
        given.append("Lưu: VT")
    return closed(given)


def closed(lines: Sequence[str]) -> tuple[str, ...]:
    """With a dash before each, a semicolon behind each and a full stop behind the last."""
    return tuple(f"- {line}{'.' if number == len(lines) else ';'}" for number, line in enumerate(lines, start=1))


def lowered(summary: str) -> str:
    """A summary within a sentence: "Báo cáo sơ kết" goes on after "V/v" as "báo cáo sơ kết", and "UBND" as "UBND".

    "Về việc" is not said twice.
    """
    plain = summary.removeprefix("V/v ").removeprefix("Về việc ").removeprefix("về việc ")
    return plain if plain[1:2].isupper() else plain[:1].lower() + plain[1:]
