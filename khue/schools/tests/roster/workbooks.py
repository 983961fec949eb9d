"""Workbooks to read in tests: the headings of the sector database, pupils to taste, and broken containers."""

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

HEADINGS = ["STT", "Mã định danh Bộ GD&ĐT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Khối", "Số điện thoại"]


def workbook(rows: Sequence[Sequence[object]], *, decorate: Callable[..., None] | None = None) -> bytes:
    """An .xlsx file with these rows on one sheet; None leaves a cell out. `decorate(book, sheet)` adds the rest."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Danh sách")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)
    if decorate:
        decorate(book, sheet)
    book.close()
    return made.getvalue()


def roster(*pupils: Sequence[object]) -> bytes:
    """A roster with the headings above in its third row."""
    return workbook([["SỞ GIÁO DỤC VÀ ĐÀO TẠO"], [], HEADINGS, *pupils])


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive of these members."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same workbook with members changed."""
    with ZipFile(BytesIO(data)) as book:
        return archive({name: change(name, book.read(name)) for name in book.namelist()})


def pupils(count: int) -> bytes:
    """A roster of class 6A with so many pupils."""
    letters = "abcdefghiklmnopqrstuvxy"
    return roster(
        *(
            [n, f"87{n:08}", f"Nguyễn {letters[n % 20].upper()}{letters[n // 20 % 20]}", "02/03/2015", "Nam", "6A"]
            for n in range(1, count + 1)
        )
    )
