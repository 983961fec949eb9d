"""Period reports: filled in from the rows, signed, sent, and who is late."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import docx
import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import clock, events
from khue.foundation.errors import Forbidden
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.indicators import actions, queries
from khue.indicators.actions.reports import (
    Correction,
    CorrectionNeedsReason,
    ReportIsSigned,
    ReportNotSigned,
    WhoSigns,
    digest_of,
)  # fmt: skip
from khue.indicators.models import PeriodReport
from khue.indicators.summing import sums_of
from khue.indicators.tests.test_indicators import count, hold_lessons
from khue.registry.models import Organisation, Person
from khue.schools.models import SchoolClass
from tests.world import NOON, TODAY, World, actor, enrol

ClientOf = Callable[[Account], Client]
YEAR, PASSWORD = "2026-2027", "Mot-mat-khau-dai-2026"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def filled(world: World) -> PeriodReport:
    here = world.here
    return actions.prefill_report(
        actor=actor(here.head), organisation=here.organisation, school_year=YEAR, period="start", at=NOON
    )


@pytest.fixture
def signing(world: World) -> World:
    """The head has a password to sign with."""
    from argon2 import PasswordHasher

    from khue.identity.models import Password

    Password.objects.update_or_create(
        account=world.here.head, defaults={"hash": PasswordHasher().hash(PASSWORD), "set_at": NOON}
    )
    return world


def signed(world: World) -> PeriodReport:
    return actions.sign_report(actor=actor(world.here.head), report=filled(world), password=PASSWORD, code="", at=NOON)


def test_it_is_filled_in_from_the_rows_and_unknown_is_not_zero(world: World) -> None:
    hold_lessons(world.here, online=1, classroom=3)
    count(world.here)

    figures = filled(world).figures

    assert (figures["X.classes"], figures["X.pupils"], figures["X.teachers"]) == (1, 3, 2)
    assert (figures["A6.n"], figures["A6.d"]) == (1, 4)
    assert (figures["A5.n"], figures["B3.d"], figures["X.rooms"]) == (None, None, None)
    assert "2101" not in figures  # a lower-secondary school reports no primary classes


def test_what_the_school_writes_over_needs_a_reason(world: World) -> None:
    head, report = actor(world.here.head), filled(world)

    with pytest.raises(CorrectionNeedsReason):
        actions.correct_report(actor=head, report=report, corrections={"X.pupils": Correction(4, " ")}, at=NOON)
    report.refresh_from_db()
    assert report.corrected == {}
    said = {"X.pupils": Correction(4, "Một em mới đến"), "X.classes": Correction(1, "")}
    actions.correct_report(actor=head, report=report, corrections=said, at=NOON)

    assert filled(world).corrected == {"X.pupils": {"value": 4, "reason": "Một em mới đến"}}


def test_a_signed_report_never_changes(signing: World) -> None:
    head, report = actor(signing.here.head), signed(signing)

    assert report.digest == digest_of(report)
    assert report.proof == "password"
    with pytest.raises(ReportIsSigned):
        filled(signing)
    with pytest.raises(ReportIsSigned):
        actions.correct_report(actor=head, report=report, corrections={"X.pupils": Correction(9, "x")}, at=NOON)
    with pytest.raises(ReportIsSigned):
        signed(signing)
    assert digest_of(PeriodReport.objects.get()) == report.digest


def test_nobody_signs_without_proving_who_signs(signing: World) -> None:
    report, head = filled(signing), actor(signing.here.head)

    with pytest.raises(WhoSigns):
        actions.sign_report(actor=head, report=report, password="", code="", at=NOON)
    with pytest.raises(identity.WrongPassword):
        actions.sign_report(actor=head, report=report, password="sai", code="", at=NOON)
    with pytest.raises(ReportNotSigned):
        actions.send_report(actor=head, report=report, at=NOON)
    with pytest.raises(Forbidden):
        actions.sign_report(actor=actor(signing.elsewhere.head), report=report, password=PASSWORD, code="", at=NOON)
    report.refresh_from_db()
    assert report.state == "draft"


def test_an_office_sees_what_came_and_who_is_late(signing: World) -> None:
    officer = actor(signing.department_officer)
    assert not queries.visible_reports(officer).exists()
    yesterday = TODAY - timedelta(days=1)
    actions.set_deadline(
        actor=officer, organisation=signing.department, school_year=YEAR, period="start", due_on=yesterday, at=NOON
    )

    sent = actions.send_report(actor=actor(signing.here.head), report=signed(signing), at=NOON)

    assert sent.is_late
    assert queries.visible_reports(officer).get() == sent
    start = queries.Round(signing.department, YEAR, "start", yesterday)
    assert listed(start, TODAY) == [
        ("THCS Mỹ An", sent.public_id, True), ("THCS&THPT Đốc Binh Kiều", None, True),
    ]  # fmt: skip
    assert queries.received(start, TODAY) == queries.Received(schools=2, sent=1, late=2)
    assert [len(listed(start, TODAY, which)) for which in ("late", "sent", "missing")] == [2, 1, 1]
    assert [len(listed(start, yesterday, which)) for which in ("late", "sent", "missing")] == [1, 1, 1]
    mid = queries.Round(signing.department, YEAR, "mid", None)
    assert queries.received(mid, date(2028, 1, 1)) == queries.Received(schools=2, sent=0, late=0)
    assert listed(mid, date(2028, 1, 1), "late") == []


def rows_of(found: queries.Listed) -> list[Organisation]:
    rows, arguments = found
    return list(rows(*arguments))


def listed(of: queries.Round, on: date, which: str = "") -> list[tuple[str, UUID | None, bool]]:
    lines = queries.report_lines(of, rows_of(queries.schools_reporting(of, on, which)), on)
    return [(line.school.name, line.report, line.is_late) for line in lines]


def test_the_pages_from_the_rows_to_the_office(signing: World, client_of: ClientOf) -> None:
    head, officer = client_of(signing.here.head), client_of(signing.department_officer)
    place = f"/indicators/{signing.here.organisation.public_id}/reports/"
    assert "Điền từ dữ liệu" in head.get(place).content.decode()
    page = head.post(f"{place}start/").headers["Location"]
    assert "Hệ thống đếm: 3 người" in head.get(page).content.decode()
    figures = PeriodReport.objects.get().figures
    shown = {f"f{code.replace('.', '_')}_value": "" if n is None else str(n) for code, n in figures.items()}
    assert figures["X.computers"] is None  # nobody counted them: said without a reason
    typed = shown | {"fX_pupils_value": "5", "fX_pupils_reason": "Hai em mới đến", "fX_computers_value": "4"}
    unexplained = head.post(page, {**typed, "fX_pupils_reason": " "}).content.decode()
    assert '<a href="#id_fX_pupils_reason">Lí do khác số hệ thống</a>: Số của mục “Học sinh đang học”' in unexplained
    assert head.post(page, typed).status_code == 303
    assert head.post(f"{page}sign/", {"password": "sai"}).status_code == 200
    assert head.post(f"{page}sign/", {"password": PASSWORD}).status_code == 303
    assert officer.get(page).status_code == 404
    assert head.post(f"{page}send/").status_code == 303

    assert "Hai em mới đến" in officer.get(page).content.decode()
    office = f"/indicators/{signing.department.public_id}/reports/"
    officer.post(f"{office}deadline/", {"period": "start", "due_on": "01/11/2026"})
    assert "gửi sau hạn, hoặc quá hạn mà chưa gửi" in officer.get(office).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get(f"{page}xlsx/").streaming_content)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert ["Học sinh đang học", None, "người", 5, "Hai em mới đến"] in rows
    assert ["Máy tính", None, "chiếc", 4, None] in rows
    assert ["Lớp trung học cơ sở", None, "lớp", 1, None] in rows
    assert rows[0][2] == "Đơn vị báo cáo: THCS Mỹ An"
    assert book.active.page_setup.paperSize == 9
    paper = docx.Document(io.BytesIO(officer.get(f"{page}docx/").content))
    texts = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any(text.startswith("UBND XÃ MỸ AN\nTHCS MỸ AN\n") for text in texts)
    assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text for text in texts)
    assert "Hai em mới đến" in texts
    assert any("Trần Văn Bình" in paragraph.text for paragraph in paper.paragraphs)
    events.deliver_now()
    totals = officer.get(f"{office}?period=start&totals=1").content.decode()
    assert "chưa đối chiếu" in totals
    summary = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get(f"{office}start/xlsx/").streaming_content)))
    assert ["Học sinh đang học", None, "người", 5, None] in [
        [c.value for c in row] for row in summary.active.iter_rows()
    ]
    grid = [round(column.width.mm) for column in paper.tables[1].columns]
    assert grid == [18, 74, 22, 22, 29]  # also for programs that do not look at the cells
    summary_paper = docx.Document(io.BytesIO(officer.get(f"{office}start/docx/").content))
    assert any("Tổng hợp báo cáo đầu năm học" in paragraph.text for paragraph in summary_paper.paragraphs)
    assert "GIÁM ĐỐC" in summary_paper.tables[-1].rows[0].cells[1].text
    assert [officer.get(f"{office}{x}").status_code for x in ("start/pdf/", "x/xlsx/")] == [404] * 2
    assert officer.get(f"{place}start/xlsx/").status_code == 404  # a school sums up nothing
    assert head.get(f"{office}start/xlsx/").status_code == 404
    for other in (signing.elsewhere.head, signing.here.teacher, signing.here.pupils[0]):
        stranger = client_of(other)
        assert [stranger.get(x).status_code for x in (place, page, f"{page}xlsx/", f"{page}sign/")] == [404] * 4
        assert stranger.post(f"{page}send/").status_code == 404


def test_the_tables_are_whole_and_invent_nothing() -> None:
    from khue.indicators.reporting import LINES
    from khue.indicators.statistics import TABLE_OF

    codes = [line.code for line in LINES if line.code.isdecimal()]
    assert codes == [*map(str, range(1101, 1108)), *map(str, range(1201, 1212)), *map(str, range(2101, 2105))]
    assert len({line.key for line in LINES}) == len(LINES)
    assert all(line.table in TABLE_OF for line in LINES)
    for line in LINES:
        assert line.said
        assert not line.verified or line.code
        assert line.code or line.key.split(".")[0] in (*TABLE_OF, "X")


def grade(world: World, number: int, **of_people: str) -> None:
    """Move the class of the first school to a grade and say the same of all its pupils."""
    world.here.school_class.grade = number
    world.here.school_class.save()
    for enrolment in world.here.enrolments:
        Person.objects.filter(id=enrolment.person_id).update(**of_people)


def test_a_primary_school_fills_in_the_table_of_primary_schools(world: World) -> None:
    grade(world, 5, sex="2", ethnicity="05")

    figures = filled(world).figures

    assert [figures[code] for code in ("2101", "2102", "2103", "2104")] == [1, 1, None, 2]
    assert [figures[f"primary.{what}"] for what in ("pupils", "girls", "minority")] == [3, 3, 3]
    assert not any(key.startswith(("lower.", "upper.", "1")) for key in figures)


def test_what_is_not_known_of_one_pupil_is_not_known_of_all(world: World) -> None:
    grade(world, 6, sex="1", ethnicity="01")
    Person.objects.filter(id=world.here.enrolments[0].person_id).update(sex="0", ethnicity="")

    figures = filled(world).figures

    assert [figures[f"lower.{what}"] for what in ("pupils", "girls", "minority")] == [3, None, None]


def test_rooms_and_staff_of_two_levels_belong_to_neither(world: World) -> None:
    place = replace(
        world.here,
        school_class=SchoolClass.objects.create(
            organisation=world.here.organisation, school_year=world.here.year, name="10A", grade=10
        ),
    )
    enrol(place, "Trần Thị Mười")

    figures = filled(world).figures

    assert [figures[f"{level}.classes"] for level in ("lower", "upper")] == [1, 1]
    assert [figures[f"{level}.staff"] for level in ("lower", "upper")] == [None, None]
    assert figures["X.teachers"] == 2


def test_a_preschool_has_its_codes_and_no_figures(world: World) -> None:
    place = world.here.organisation
    place.level_groups = "01,03"
    place.save()

    figures = filled(world).figures

    assert [figures[str(code)] for code in (1101, 1107, 1201, 1211)] == [None] * 4


@given(st.lists(st.lists(st.none() | st.integers(0, 10_000), min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_sum_adds_what_is_known_and_counts_what_is_not(figures: list[list[int | None]]) -> None:
    keys = ["X.pupils", "X.classes", "X.rooms", "2102"]
    reports = [PeriodReport(figures=dict(zip(keys, row, strict=False))) for row in figures]

    found = sums_of(reports)

    for key in keys:
        said = [report.figures[key] for report in reports if key in report.figures]
        known = [value for value in said if value is not None]
        assert (key in found) == bool(said)
        if said:
            assert found[key].value == (sum(known) if known else None)
            assert found[key].unknown == len(said) - len(known)


def test_a_report_costs_the_same_for_many_pupils(world: World) -> None:
    with CaptureQueriesContext(connection) as few:
        filled(world)
    for number in range(27):
        enrol(world.here, f"Trần Thị {number}")
    with CaptureQueriesContext(connection) as many:
        filled(world)

    assert len(many) <= len(few)
