"""Importing a roster, from the bytes of the file to the last index entry, beside a bare COPY of the same people.

roster.import            5,000 pupils with twelve columns into a school that knows none: read, check, plan, write
roster.import_again      the same file once more: everything is compared, nothing is written
roster.import_families   5,000 pupils with father and mother: three people and two guardianships a row
"""

import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.db import connection

from bench import database  # sets Django up, for what is imported after it
from bench.names import name_of
from bench.processes import Group
from bench.row import Row, against
from khue.foundation import files, scope
from khue.schools import actions, queries
from tests.world import NOON, School, actor, world

PUPILS = 5_000
RATE = 5_000
HEADINGS = [
    "STT", "Mã định danh Bộ GD&ĐT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Khối", "Dân tộc",
    "Số định danh cá nhân", "Nơi sinh", "Chỗ ở hiện nay", "Số điện thoại",
]  # fmt: skip
PARENTS = ["Họ tên cha", "Năm sinh cha", "SĐT cha", "Họ tên mẹ", "Năm sinh mẹ", "SĐT mẹ"]


def rows() -> Iterator[Row]:
    """Rows a processor second of the three imports, with the share of what COPY reaches."""
    with database.fresh("khue_bench_roster"), tempfile.TemporaryDirectory() as folder:
        settings.FILES_ROOT = Path(folder)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        made = world()
        plain, families = _workbook(0, parents=False), _workbook(PUPILS, parents=True)
        bare = _copied(made.here.organisation.id)
        yield _rate("roster.import", _imported(made.here, plain), bare, at_least=RATE)
        yield _rate("roster.import_again", _imported(made.here, plain), bare, at_least=RATE)
        yield _rate("roster.import_families", _imported(made.elsewhere, families), bare)


def _rate(name: str, seconds: float, bare: float, at_least: float | None = None) -> Row:
    row = against(name, PUPILS / seconds, "rows/processor s", baseline="COPY of the people alone", baseline_value=bare)
    if at_least is None:
        return row
    return Row(
        row.name, row.value, row.unit, row.baseline, row.baseline_value, row.ratio, f">= {at_least:g}",
        ok=row.value >= at_least,
    )  # fmt: skip


def _imported(school: School, data: bytes) -> float:
    """Processor seconds, of the program and the database together, of the one step that writes.

    It reads and plans the file again from its bytes. Processor time, because other work on the machine is not ours.
    """
    clerk = actor(school.clerk)
    with scope.of(clerk):
        file = files.store(
            actor=clerk, stream=BytesIO(data), name="roster.xlsx", purpose="schools.roster",
            organisation_id=school.organisation.id, at=NOON,
        )  # fmt: skip
        begun = actions.begin_roster_import(actor=clerk, school_year=school.year, file=file, at=NOON)
        actions.choose_columns(
            actor=clerk, roster_import=begun, mapping={}, creates_classes=True, opens_accounts=False,
            applies_on=school.year.starts_on, at=NOON,
        )  # fmt: skip
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin = processes.seconds()
    with scope.of(clerk):
        found = queries.roster_import_numbered(clerk, begun.id)
        done = actions.apply_roster(actor=clerk, roster_import=found, at=NOON)
    seconds = processes.seconds() - begin
    if done.wrong or done.new + done.unchanged != PUPILS:
        raise RuntimeError(f"the roster was not imported as it should: {done}")
    return seconds


def _copied(organisation_id: int) -> float:
    """Rows a processor second of COPY into a table like that of people, with its indexes, without anything else."""
    with database.owner() as owner:
        owner.execute("CREATE TABLE copied (LIKE registry_person INCLUDING ALL)")
        processes = Group(database.server_processes)
        begin = processes.seconds()
        with owner.cursor().copy(
            "COPY copied (public_id, organisation_id, full_name, other_name, sort_key, sex, birthplace, moet_code,"
            " foreign_paper, ethnicity, nationality, address, phone, email, is_disabled, is_poor_household) FROM STDIN"
        ) as copy:
            for n in range(PUPILS):
                copy.write_row(
                    (
                        f"00000000-0000-7000-8000-{n:012}",
                        organisation_id,
                        name_of(n),
                        "",
                        name_of(n).encode(),
                        "1",
                        "Đồng Tháp",
                        f"87{n:08}",
                        "",
                        "01",
                        "VN",
                        "Ấp 3, xã Mỹ An",
                        "0912345678",
                        "",
                        False,
                        False,
                    )
                )
        seconds = processes.seconds() - begin
        owner.execute("DROP TABLE copied")
    return PUPILS / seconds


def _workbook(first: int, *, parents: bool) -> bytes:
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(2, 0, [*HEADINGS, *(PARENTS if parents else [])])
    for n in range(PUPILS):
        key, is_girl = first + n, n % 2
        cells = [
            n + 1, f"87{key:08}", name_of(key), f"{n % 28 + 1:02}/{n % 12 + 1:02}/2015", "Nữ" if is_girl else "Nam",
            f"6A{n % 120 + 1}", 6, "Kinh", f"087{2 + is_girl}15{key:06}", "Đồng Tháp",
            f"Ấp {n % 9 + 1}, xã Mỹ An, tỉnh Đồng Tháp", f"09{key:08}",
        ]  # fmt: skip
        if parents:
            cells += [name_of(key + 7), 1985, f"03{key:08}", name_of(key + 11), 1987, f"07{key:08}"]
        sheet.write_row(3 + n, 0, cells)
    book.close()
    return made.getvalue()
