"""A file of another program: brought, compared with our rows, taken over where the school itself may say it."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.attendance.tests.test_every_page import is_housekeeping
from khue.exchange import actions, queries
from khue.exchange.models import DeclaredFact, HeadingMeaning, Passage, SheetLine, VendorSheet
from khue.foundation import clock, files
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import StoredFile
from khue.identity.models import Account
from khue.registry.models import Organisation, Person
from khue.schools.tests.roster.workbooks import archive, workbook
from tests.world import NOON, World, actor, enrol

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
SCHOOL = ["Mã trường", "Tên trường", "Loại hình", "Có điện lưới", "Fax", "Đạt kiểm định cấp độ"]
PUPILS = ["STT", "Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Nhóm máu"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def coded(named: World) -> World:
    """The world with rights, whose first school has a code."""
    here = named.here.organisation
    here.code, here.level_groups = "82300011", "03"
    here.save()
    return named


def kept(who: Account, place: Organisation, data: bytes) -> StoredFile:
    file = BytesIO(data)
    return files.store(
        actor=actor(who), stream=file, name="xuat.xlsx", purpose="exchange.vendor_sheet", organisation_id=place.id,
        at=NOON,
    )  # fmt: skip


def brought(who: Account, place: Organisation, *rows: Sequence[object]) -> VendorSheet:
    return actions.read_sheet(
        actor=actor(who), organisation=place, file=kept(who, place, workbook(rows)), wanted=None, at=NOON
    )


def sent(client: Client, data: bytes, **more: str) -> Any:
    file = BytesIO(data)
    file.name = "xuat.xlsx"
    return client.post("/exchange/sheets/", {"file": file, **more})


def told(made: VendorSheet) -> dict[str, list[tuple[str, object, object, bool]]]:
    return {
        line.title: [(d["target"], d["theirs"], d["ours"], d["may"]) for d in line.differences]
        for line in SheetLine.objects.filter(sheet=made)
    }


def test_a_list_of_schools_differs_field_by_field_and_only_own_facts_may_be_taken(coded: World) -> None:
    here = coded.here
    DeclaredFact.objects.create(
        organisation=here.organisation, field="CoDienLuoi", value=0, declared_at=NOON, declared_by_id=None
    )

    made = brought(
        here.head, here.organisation, SCHOOL, ["82300011", "THCS Mỹ An 2", "Tư thục", "Có", "0277 123", "cấp ba"]
    )

    assert made.counts == {"differs": 1}
    assert told(made) == {
        "THCS Mỹ An 2": [
            ("tentruong", "THCS Mỹ An 2", "THCS Mỹ An", False),
            ("maloaihinhtruong", "3", here.organisation.ownership or None, False),
            ("CoDienLuoi", 1, 0, True), ("fax", "0277 123", None, True),
        ]
    }  # fmt: skip
    line = SheetLine.objects.get()
    assert (line.troubles, [each["text"] for each in line.unread]) == (["unreadable"], ["cấp ba"])
    assert Passage.objects.filter(deed="compared", records=1).count() == 1


def test_taking_over_writes_own_facts_alone_and_compares_again(coded: World) -> None:
    here = coded.here
    made = brought(here.head, here.organisation, SCHOOL[:5], ["82300011", "Tên khác", None, "Có", "0277 123"])
    assert DeclaredFact.objects.count() == 0

    assert actions.take_over(actor=actor(here.head), sheet=made, at=NOON) == 2

    assert dict(DeclaredFact.objects.values_list("field", "value")) == {"CoDienLuoi": 1, "fax": "0277 123"}
    assert told(made) == {"Tên khác": [("tentruong", "Tên khác", "THCS Mỹ An", False)]}
    here.organisation.refresh_from_db()
    assert here.organisation.name == "THCS Mỹ An"
    with pytest.raises(actions.NothingToTake):
        actions.take_over(actor=actor(here.head), sheet=made, at=NOON)


def test_an_office_sees_the_differences_of_its_schools_and_takes_nothing(coded: World) -> None:
    officer = coded.department_officer

    made = brought(
        officer, coded.department, SCHOOL[:4], ["82300011", "THCS Mỹ An", None, "x"], ["999", "Ma", None, None]
    )

    # the school here differs, a code nobody has, and the other school is in no row
    assert made.counts == {"differs": 1, "wrong": 1, "absent": 1}
    assert told(made)["THCS Mỹ An"] == [("CoDienLuoi", 1, None, False)]
    with pytest.raises(actions.NothingToTake):
        actions.take_over(actor=actor(officer), sheet=made, at=NOON)
    assert not DeclaredFact.objects.exists()


def test_pupils_are_known_by_code_or_name_and_birth(coded: World) -> None:
    here = coded.here
    first, second = (enrolment.person for enrolment in here.enrolments[:2])
    Person.objects.filter(id=first.id).update(moet_code="8700000001", sex="1", national_id=None)

    made = brought(
        here.clerk, here.organisation, PUPILS,
        [1, "8700000001", first.full_name, "02/03/2015", "Nữ", "6A", "O"],
        [2, None, second.full_name.upper(), "02/03/2015", None, "6A", None],
        [3, "8700000009", "Trần Mới", "01/01/2015", None, "6A", None],
        [4, None, None, None, "Nam", None, None],
        [5, "8700000001", first.full_name, "02/03/2015", None, None, None],
    )  # fmt: skip

    lines = {line.line: line for line in SheetLine.objects.filter(sheet=made)}
    assert (made.field_set, made.counts) == ("pupil", {"differs": 1, "same": 1, "unknown": 1, "wrong": 2, "absent": 1})
    assert [(d["target"], d["theirs"], d["ours"]) for d in lines[2].differences] == [
        ("gioitinh", "2", "1"), ("nhommau", "O", None),
    ]  # fmt: skip
    assert [lines[line].standing for line in (4, 5, 6)] == ["unknown", "wrong", "wrong"]
    assert not any(d["may"] for line in lines.values() for d in line.differences)


def test_an_office_is_not_shown_fields_that_its_level_may_not_see(coded: World) -> None:
    first = coded.here.enrolments[0].person
    Person.objects.filter(id=first.id).update(moet_code="8700000001")
    head = ["Mã trường", "Mã học sinh", "Số điện thoại", "Khối"]

    made = brought(coded.department_officer, coded.department, head, ["82300011", "8700000001", "09", 7])

    assert [d["target"] for line in SheetLine.objects.filter(sheet=made) for d in line.differences] == ["makhoi"]


def test_columns_that_nobody_knew_are_named_once(coded: World) -> None:
    here = coded.here
    rows = [["Cơ quan", "Nguồn điện"], ["82300011", "x"]]
    stored = kept(here.head, here.organisation, workbook(rows))
    with pytest.raises(actions.HeadingMissing):
        actions.read_sheet(actor=actor(here.head), organisation=here.organisation, file=stored, wanted=None, at=NOON)
    from khue.exchange.vendor.columns import FieldSet

    made = actions.read_sheet(
        actor=actor(here.head), organisation=here.organisation, file=stored, wanted=FieldSet.SCHOOL, at=NOON
    )
    assert (made.counts, SheetLine.objects.count()) == ({}, 0)

    with pytest.raises(actions.TargetTwice):
        actions.choose_targets(actor=actor(here.head), sheet=made, targets={0: "matruong", 1: "matruong"}, at=NOON)
    assert not HeadingMeaning.objects.exists()
    chosen = {0: "matruong", 1: "CoDienLuoi"}
    made = actions.choose_targets(actor=actor(here.head), sheet=made, targets=chosen, at=NOON)

    assert made.counts == {"differs": 1}
    again = brought(here.head, here.organisation, *rows)
    assert [column["target"] for column in again.columns] == ["matruong", "CoDienLuoi"]


def test_nobody_compares_or_takes_over_elsewhere(coded: World) -> None:
    here = coded.here
    made = brought(here.head, here.organisation, SCHOOL[:4], ["82300011", "A", None, "Có"])
    for who in (coded.elsewhere.head, here.teacher, here.pupils[0]):
        with pytest.raises(Forbidden):
            brought(who, here.organisation, SCHOOL[:4], ["82300011", "A", None, "Có"])
        with pytest.raises(Forbidden):
            actions.take_over(actor=actor(who), sheet=made, at=NOON)
        with pytest.raises(Forbidden):
            actions.choose_targets(actor=actor(who), sheet=made, targets={0: None}, at=NOON)
        with pytest.raises(Forbidden):
            actions.drop_sheet(actor=actor(who), sheet=made)
    assert VendorSheet.objects.get() == made
    assert not DeclaredFact.objects.exists()
    assert not queries.visible_sheets(actor(coded.elsewhere.head)).exists()


def test_the_pages_from_the_file_to_the_file(coded: World, client_of: ClientOf) -> None:
    here = coded.here
    head = client_of(here.head)
    data = workbook([["PHÒNG GIÁO DỤC"], SCHOOL[:4], ["82300011", "Tên khác", None, "Có"]])

    answer = sent(head, data)

    assert answer.status_code == 303, answer.content.decode()[:3000]
    place = answer["Location"]
    page = head.get(place).content.decode()
    assert "tệp ghi “Tên khác”, hệ thống ghi “THCS Mỹ An”" in page
    assert "được ghi" in page
    assert head.get(f"{place}?standing=unknown").content.decode().count("Tên khác") == 0
    returned = openpyxl.load_workbook(BytesIO(b"".join(head.get(f"{place}returned.xlsx").streaming_content)))
    rows = [[cell.value for cell in row] for row in returned.active.iter_rows()]
    assert rows[1][-1] == "Kết quả đối chiếu"
    assert "Tên trường: tệp ghi “Tên khác”" in str(rows[2][-1])
    assert head.post(f"{place}take-over/").status_code == 303
    assert DeclaredFact.objects.get().field == "CoDienLuoi"
    assert (
        head.post(place, {"column_0": "matruong", "column_1": "", "column_2": "", "column_3": "fax"}).status_code == 303
    )
    listed = openpyxl.load_workbook(BytesIO(b"".join(head.get(f"{place}?export=xlsx").streaming_content)))
    assert listed.active.max_row == 2
    for other in (coded.elsewhere.head, here.teacher, here.pupils[0]):
        stranger = client_of(other)
        assert [stranger.get(x).status_code for x in (place, f"{place}returned.xlsx")] == [404] * 2
        assert [stranger.post(f"{place}{x}/").status_code for x in ("take-over", "drop")] == [404] * 2
    assert head.post(f"{place}drop/").status_code == 303
    assert not VendorSheet.objects.exists()
    assert not SheetLine.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"STT,Ho ten\n1,An\n", b"%PDF-1.7", OLE + "Workbook".encode("utf-16-le"),
        archive({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), workbook([])[:300],
        archive({"xl/worksheets/sheet1.xml": b" " * 30_000_000}), workbook([["chỉ có chữ"]]), workbook([]),
    ],
)  # fmt: skip
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(
    data: bytes,
    coded: World,
    client_of: ClientOf,
) -> None:
    answer = sent(client_of(coded.here.head), data)

    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert not VendorSheet.objects.exists()


cells = st.one_of(
    st.none(), st.text("6A82300011 -/xCóKhông", max_size=12), st.integers(-5, 9_999_999_999), st.booleans()
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([SCHOOL, PUPILS, ["Mã lớp", "Khối", "Tên lớp"], ["Mã giáo viên", "Họ và tên", "Ngày sinh"]]),
       st.lists(st.lists(cells, max_size=8), max_size=5))  # fmt: skip
def test_whatever_stands_in_the_rows_is_compared_and_changes_nothing(
    coded: World,
    head: list[str],
    rows: list[list[object]],
) -> None:
    here = coded.here
    before = list(Person.objects.order_by("id").values())
    try:
        made = brought(here.head, here.organisation, head, *rows)
    except Refusal:
        return

    given_rows = [row for row in rows if any(str(cell).strip() for cell in row if cell is not None)]
    assert sum(made.counts.get(key, 0) for key in ("same", "differs", "unknown", "wrong")) <= len(given_rows)
    assert list(Person.objects.order_by("id").values()) == before
    assert not DeclaredFact.objects.exists()


def test_the_page_costs_the_same_for_many_lines_and_comparing_for_many_pupils(
    coded: World,
    client_of: ClientOf,
) -> None:
    here = coded.here
    head = client_of(here.head)

    def lines(number: int) -> list[list[object]]:
        return [[n, f"87000{n}", "Trần Mới", "01/01/2015", "Nam", "6A", None] for n in range(number)]

    with CaptureQueriesContext(connection) as few:
        small = brought(here.head, here.organisation, PUPILS, *lines(3))
    for number in range(27):
        enrol(here, f"Trần Thị {number}")
    with CaptureQueriesContext(connection) as many:
        large = brought(here.head, here.organisation, PUPILS, *lines(30))
    assert len(many) == len(few)

    asked = []
    for made in (small, small, large):
        with CaptureQueriesContext(connection) as found:
            assert head.get(f"/exchange/sheets/{made.public_id}/").status_code == 200
        asked.append(sum(not is_housekeeping(query["sql"]) for query in found.captured_queries))
    assert asked[1] == asked[2] <= 8
