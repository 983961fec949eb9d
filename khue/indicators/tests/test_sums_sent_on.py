"""An office signs the sum of what its schools sent and sends it on; above, each school counts once, and who is late."""

import io
from datetime import date, timedelta

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import events, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.identity.models import Account, Password
from khue.indicators import actions, queries, tasks
from khue.indicators.actions.reports import Correction, NothingToSum, ReportIsSigned, SumOutdated, digest_of
from khue.indicators.events import ReportSent
from khue.indicators.models import PeriodReport
from khue.indicators.official_report import shown
from khue.indicators.tests.test_reports import PASSWORD, YEAR, ClientOf, _noon, rows_of
from khue.registry import actions as registry
from khue.registry.models import Organisation
from tests.world import NOON, TODAY, World, account, actor, organisation

__all__ = ["_noon"]
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def officer(world: World) -> Account:
    """Of the commune's office, which manages the first school; has a password to sign with."""
    from argon2 import PasswordHasher

    made = account(None, "department_officer", world.commune_office)
    hashed = PasswordHasher().hash(PASSWORD)
    for one in (made, world.department_officer):
        Password.objects.update_or_create(account=one, defaults={"hash": hashed, "set_at": NOON})
    return made


def came(school: Organisation, pupils: int | None, at=NOON, is_late: bool = False) -> PeriodReport:
    """A school's report, as it was sent."""
    report = PeriodReport.objects.create(
        organisation=school, school_year=YEAR, period="start", state="sent", prefilled_at=at, sent_at=at,
        figures={"X.pupils": pupils, "X.classes": 1}, is_late=is_late,
    )  # fmt: skip
    tasks.sum_up(ReportSent(school.id, YEAR, "start"))
    return report


def made(office: Organisation, who: Account) -> PeriodReport:
    return actions.prefill_report(actor=actor(who), organisation=office, school_year=YEAR, period="start", at=NOON)


def sent(office: Organisation, who: Account) -> PeriodReport:
    report = actions.sign_report(actor=actor(who), report=made(office, who), password=PASSWORD, code="", at=NOON)
    report = actions.send_report(actor=actor(who), report=report, at=NOON)
    events.deliver_now()
    return report


def total(office: Organisation) -> dict[str, tuple[int | None, str]]:
    held = queries.sum_at(office, YEAR, "start")
    assert held
    return {line.line.key: (line.value, line.note) for table in shown(held) for line in table.lines}


def test_what_schools_sent_is_summed_signed_and_counts_once_above(world: World, officer: Account) -> None:
    second = organisation("school", "TH Mỹ An 2", world.commune_office)
    third = organisation("school", "TH Mỹ An 3", world.commune_office)
    came(world.here.organisation, 10)
    came(second, None)
    came(world.elsewhere.organisation, 7)
    before = {"X.pupils": (17, "1 trường chưa rõ"), "X.classes": (3, "")}
    assert total(world.department) == total(world.ministry) == before

    report = sent(world.commune_office, officer)

    assert (report.summed, report.unknown, report.figures["X.pupils"]) == (2, {"X.pupils": 1}, 10)
    assert report.digest == digest_of(report)
    assert total(world.department) == total(world.ministry) == before
    came(third, 100)  # too late for the sum, which stands
    assert total(world.department) == total(world.ministry) == before
    above = sent(world.department, world.department_officer)
    assert (above.summed, above.figures["X.pupils"], above.unknown) == (3, 17, {"X.pupils": 1})
    assert total(world.ministry) == before
    assert total(world.commune_office) == {"X.pupils": (110, "1 trường chưa rõ"), "X.classes": (3, "")}


def test_a_figure_an_office_writes_over_is_known_and_has_its_reason(world: World, officer: Account) -> None:
    came(world.here.organisation, None)
    who = actor(officer)
    report = made(world.commune_office, officer)

    actions.correct_report(
        actor=who, report=report, corrections={"X.pupils": Correction(9, "Đã gọi điện hỏi trường")}, at=NOON
    )
    sent(world.commune_office, officer)

    assert total(world.department)["X.pupils"] == (9, "")


def test_what_a_school_sent_is_summed_where_it_stands_now(world: World) -> None:
    came(world.elsewhere.organisation, 7)
    other = organisation("department", "Sở GD&ĐT An Giang", world.ministry)

    registry.move_organisation(actor=SYSTEM, organisation=world.elsewhere.organisation, to=other, on=TODAY)
    events.deliver_now()

    assert queries.sum_at(world.department, YEAR, "start") is None
    assert total(other) == total(world.ministry) == {"X.pupils": (7, ""), "X.classes": (1, "")}


def test_what_came_after_the_sum_was_made_must_be_summed_before_it_is_signed(world: World, officer: Account) -> None:
    came(world.here.organisation, 10)
    report, who = made(world.commune_office, officer), actor(officer)
    came(organisation("school", "TH Mỹ An 2", world.commune_office), 5)

    with pytest.raises(SumOutdated, match="1 báo cáo"):
        actions.sign_report(actor=who, report=report, password=PASSWORD, code="", at=NOON)

    assert PeriodReport.objects.get(id=report.id).state == "draft"
    assert sent(world.commune_office, officer).figures["X.pupils"] == 15
    with pytest.raises(ReportIsSigned):
        made(world.commune_office, officer)


def test_nobody_sums_for_another_office_and_nothing_is_made_of_nothing(world: World, officer: Account) -> None:
    with pytest.raises(NothingToSum):
        made(world.commune_office, officer)
    report = came(world.here.organisation, 10)
    for office, who in (
        (world.commune_office, world.department_officer), (world.commune_office, world.here.head),
        (world.department, officer), (world.ministry, world.ministry_officer),
    ):  # fmt: skip
        with scope.of(actor(who)), pytest.raises(Forbidden):
            made(office, who)
    for who in (officer, world.department_officer):  # a school's report is the school's
        with pytest.raises(Forbidden):
            actions.sign_report(actor=actor(who), report=report, password=PASSWORD, code="", at=NOON)

    assert PeriodReport.objects.get() == report


def test_late_is_said_by_the_day_of_the_nearest_office(world: World, officer: Account) -> None:
    """The Ministry says nothing, the department yesterday, the commune tomorrow: its school is not late."""
    actions.set_deadline(
        actor=actor(world.department_officer), organisation=world.department, school_year=YEAR, period="start",
        due_on=YESTERDAY, at=NOON,
    )  # fmt: skip
    of = queries.Round(world.ministry, YEAR, "start", None)

    def late() -> tuple[int, list[str], list[bool]]:
        rows = rows_of(queries.schools_reporting(of, TODAY, "late"))
        every = queries.report_lines(of, rows_of(queries.schools_reporting(of, TODAY)), TODAY)
        return queries.received(of, TODAY).late, [row.name for row in rows], [line.is_late for line in every]

    here, elsewhere = world.here.organisation.name, world.elsewhere.organisation.name
    assert late() == (2, [here, elsewhere], [True, True])
    actions.set_deadline(
        actor=actor(officer), organisation=world.commune_office, school_year=YEAR, period="start",
        due_on=date(2026, 12, 24), at=NOON,
    )  # fmt: skip
    assert late() == (1, [elsewhere], [False, True])
    came(world.elsewhere.organisation, 1)
    assert late() == (0, [], [False, False])


def test_an_office_sees_the_offices_below_how_far_their_schools_are_and_who_is_late(
    world: World, officer: Account
) -> None:
    quiet = organisation("commune_office", "UBND xã Vắng", world.department)
    organisation("school", "TH Vắng", quiet)
    came(world.here.organisation, 10)
    actions.set_deadline(
        actor=actor(world.department_officer), organisation=world.department, school_year=YEAR, period="start",
        due_on=YESTERDAY, at=NOON,
    )  # fmt: skip
    sent(world.commune_office, officer)
    came(organisation("school", "TH Mỹ An 2", world.commune_office), 5, is_late=True)
    of = queries.Round(world.department, YEAR, "start", YESTERDAY)

    lines = queries.office_lines(of, rows_of(queries.offices_reporting(of, TODAY)), TODAY)

    assert [
        (line.office.name, line.schools, line.sent, line.late, line.summed, line.after, line.is_late, bool(line.report))
        for line in lines
    ] == [("UBND xã Mỹ An", 2, 2, 1, 1, 1, True, True), ("UBND xã Vắng", 1, 0, 1, 0, 0, True, False)]  # fmt: skip
    assert queries.sums_received(of, TODAY) == queries.Sums(offices=2, sent=1, late=2)
    names = {
        which: [row.name for row in rows_of(queries.offices_reporting(of, TODAY, which))]
        for which in ("sent", "missing")
    }
    assert names == {"sent": ["UBND xã Mỹ An"], "missing": ["UBND xã Vắng"]}
    assert len(rows_of(queries.offices_reporting(of, YESTERDAY, "late"))) == 1
    above = queries.Round(world.ministry, YEAR, "start", None)
    (department,) = queries.office_lines(above, [world.department], TODAY)
    # The school beside the commune is late too.
    assert (department.schools, department.sent, department.late, department.due) == (4, 2, 3, YESTERDAY)


def test_the_pages_from_the_schools_reports_to_the_department(
    world: World, officer: Account, client_of: ClientOf
) -> None:
    commune, department = client_of(officer), client_of(world.department_officer)
    place = f"/indicators/{world.commune_office.public_id}/reports/"
    assert "Khi các trường gửi báo cáo" in commune.get(place).content.decode()
    assert commune.post(f"{place}start/").headers["Location"] == place
    came(world.here.organisation, 10)
    assert "Mọi trường đã gửi." in commune.get(place).content.decode()
    page = commune.post(f"{place}start/").headers["Location"]
    assert "Cộng từ báo cáo của 1 trường" in commune.get(page).content.decode()
    assert department.get(page).status_code == 404  # until it is sent
    assert commune.post(f"{page}sign/", {"password": PASSWORD}).status_code == 303
    assert commune.post(f"{page}send/").status_code == 303

    shown = commune.get(place).content.decode()
    assert "Gồm báo cáo của 1 trường." in shown
    assert "Tổng hợp báo cáo đầu năm học 2026-2027" in department.get(page).content.decode()
    office = f"/indicators/{world.department.public_id}/reports/"
    assert f"{office}start/offices/" in department.get(office).content.decode()
    listed = department.get(f"{office}start/offices/").content.decode()
    assert "UBND xã Mỹ An" in listed
    assert page in listed
    assert "Không tìm thấy đơn vị nào" in department.get(f"{office}start/offices/?show=missing").content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(department.get(f"{office}start/offices/?export=xlsx").streaming_content))
    )
    assert [cell.value for cell in book.active[2]][0:5] == ["UBND xã Mỹ An", world.commune_office.code, 1, 1, 0]
    paper = docx.Document(io.BytesIO(department.get(f"{page}docx/").content))
    assert "TM. UỶ BAN NHÂN DÂN" in paper.tables[-1].rows[0].cells[1].text
    assert department.get(f"{page}xlsx/").status_code == 200
    for stranger in (world.here.head, world.elsewhere.head, world.here.teacher):
        client = client_of(stranger)
        assert [client.get(address).status_code for address in (page, f"{office}start/offices/")] == [404] * 2
        assert client.post(f"{place}start/").status_code == 404
    assert department.post(f"{place}start/").status_code == 403  # the commune's own to sum
    assert [department.get(f"{office}{end}").status_code for end in ("x/offices/",)] == [404]


def test_the_list_of_offices_is_paged_and_costs_the_same_for_many(world: World, client_of: ClientOf) -> None:
    client = client_of(world.ministry_officer)
    above = client.get(f"/indicators/{world.ministry.public_id}/reports/").content.decode()
    assert "Tổng hợp của đơn vị bên dưới" in above
    assert "Tổng hợp gửi cấp trên" not in above
    address = f"/indicators/{world.ministry.public_id}/reports/start/offices/"

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = asked()
    for number in range(60):
        department = organisation("department", f"Sở số {number:02}", world.ministry)
        organisation("school", f"THPT số {number:02}", department)

    assert asked() == few <= 13
    page = client.get(address).content.decode()
    assert "Sở số 40" in page
    assert "Sở số 59" not in page
    assert 'rel="next"' in page
