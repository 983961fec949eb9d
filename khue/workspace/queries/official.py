"""Outgoing documents as they are printed, and the registers of a year on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khue.foundation.actor import Actor
from khue.registry.models import Organisation
from khue.registry.queries.places import above_on_paper
from khue.workspace import access, symbols
from khue.workspace.models import Document
from khue.workspace.official.layout import HEADS, OTHER_HEAD, TOGETHER, Layout, Written, layout

#: What one printed register holds: beyond that it is printed by parts of the year.
MOST_LINES = 3000


def layout_of(document: Document) -> Layout:
    """How a document from `document_of` is put on paper. One query for the body above the issuer."""
    body = document.organisation
    return layout(
        Written(
            superior=superior_of(body),
            issuer=body.name,
            head=head_of(body),
            together=TOGETHER.get(body.kind, ""),
            kind=document.kind,
            symbol=document.symbol,
            dated_on=document.dated_on,
            place=document.place,
            urgency=document.urgency,
            addressee=document.issuer,
            summary=document.summary,
            body=document.body,
            signed_for=document.signed_for,
            signer_title=document.signer_title,
            signer_name=document.signer_name,
            copies=document.copies,
        )
    )


def superior_of(body: Organisation) -> str:
    """Who stands above the issuer on paper. One query."""
    return above_on_paper(body)


def head_of(body: Organisation) -> str:
    """What the head of the body is called on paper."""
    return HEADS.get(body.kind, OTHER_HEAD)


def place_name(body: Organisation) -> str:
    """Địa danh: the name of the commune where the body sits, empty where nobody has said. One query at most."""
    return body.territory.name if body.territory else ""


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """The register of one way from a day to a day as lines of cells.

    columns  (title, width class of register.css)
    """

    columns: tuple[tuple[str, str], ...]
    lines: Sequence[tuple[str, ...]]


IN_COLUMNS = (
    ("Ngày đến", "day"), ("Số đến", "narrow"), ("Tác giả", "middle"), ("Số, ký hiệu", "middle"), ("Ngày tháng", "day"),
    ("Tên loại và trích yếu nội dung", ""), ("Đơn vị hoặc người nhận", "middle"), ("Ngày chuyển", "day"),
    ("Ký nhận", "narrow"), ("Ghi chú", "day"),
)  # fmt: skip
OUT_COLUMNS = (
    ("Số, ký hiệu văn bản", "middle"), ("Ngày tháng văn bản", "day"), ("Tên loại và trích yếu nội dung", ""),
    ("Người ký", "middle"), ("Nơi nhận văn bản", "middle"), ("Đơn vị, người nhận bản lưu", "day"),
    ("Số lượng bản", "narrow"), ("Ngày chuyển", "day"), ("Ký nhận", "narrow"), ("Ghi chú", "day"),
)  # fmt: skip


def register_paper(actor: Actor, organisation_id: int, way: str, first: date, last: date) -> RegisterPaper:
    """The register as it is printed and bound. One query. Only what the actor may see.

    source  Decree 30/2020/NĐ-CP, annex IV, the forms of the two registers
    """
    rows = Document.objects.filter(
        access.visible_documents(actor),
        organisation_id=organisation_id,
        way=way,
        registered_on__gte=first,
        registered_on__lte=last,
    )
    found = rows.select_related("handler").order_by("year", "number")[:MOST_LINES]
    if way == Document.Way.IN:
        return RegisterPaper(IN_COLUMNS, [_arrived(row) for row in found])
    return RegisterPaper(OUT_COLUMNS, [_left(row) for row in found])


def _arrived(row: Document) -> tuple[str, ...]:
    handler = row.handler.full_name if row.handler else ""
    return (_day(row.registered_on), str(row.number), row.issuer, row.symbol, _day(row.dated_on), _matter(row), handler,
            "", "", "")  # fmt: skip


def _left(row: Document) -> tuple[str, ...]:
    return (row.symbol, _day(row.dated_on), _matter(row), row.signer_name, row.issuer, "Văn thư", "",
            _day(row.registered_on), "", "")  # fmt: skip


def _matter(row: Document) -> str:
    name = symbols.BY_CODE[row.kind].name
    return f"{name}: {row.summary}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
