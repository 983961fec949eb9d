import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.attendance import actions as attendance
from khue.attendance.models import LessonLog
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.gradebook import actions as gradebook
from khue.gradebook import queries as books
from khue.gradebook.actions import TypedCell
from khue.identity.models import Account, Grant
from khue.indicators import actions as indicators
from khue.indicators import queries as figures
from khue.messaging import actions as messaging
from khue.messaging.tests.talks import begin, write
from khue.payments import actions as payments
from khue.payments.actions import Charge
from khue.registry.models import Guardianship
from khue.timetable import actions as timetable
from khue.timetable.actions import PlannedLesson
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, YEAR_START, World, account, actor, enrol, person, staff

ClientOf = Callable[[Account], Client]


@pytest.fixture
def day(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world on a Monday with one lesson, one mark, and counted indicators."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    here = world.here
    planned = [PlannedLesson(here.maths, here.teacher_staff, TODAY.isoweekday(), "am", 1)]
    timetable.publish_timetable(
        actor=actor(here.head), term=here.term, title="Tuần 1", valid_from=YEAR_START, lessons=planned, at=NOON
    )
    book = gradebook.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)
    cell = TypedCell(books.columns_of(book)[0].id, here.enrolments[0].id, "85")
    gradebook.record_marks(actor=actor(here.teacher), book=book, cells=[cell], at=NOON)
    indicators.recount(actor=SYSTEM, organisation=here.organisation, at=NOON)
    return world


def shown(client_of: ClientOf, who: Account) -> str:
    answer = client_of(who).get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_pupil_sees_the_lessons_of_today(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.here.pupils[0])

    assert "Chào A" in page
    assert "Lê Thị Hoa" in page


def test_a_guardian_sees_a_card_a_child_with_new_marks(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.here.guardians[0])

    assert "Nguyễn Văn A" in page
    assert "8,5" in page
    assert "Nguyễn Văn B" not in page


def test_a_teacher_sees_the_next_roll_and_empty_columns(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.here.teacher)

    assert "Điểm danh lớp 6A" in page
    assert "Điểm cuối kì" in page


def test_on_a_sunday_the_next_lessons_are_named_by_their_day(
    day: World, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=6))
    here = day.here

    assert "Tiết học Thứ Hai, 30/11" in shown(client_of, here.pupils[0])
    guardian = shown(client_of, here.guardians[0])
    assert "Tiết học Thứ Hai, 30/11" in guardian
    assert "Hôm nay nghỉ học" in guardian
    teacher = shown(client_of, here.teacher)
    assert "Tiết dạy Thứ Hai, 30/11" in teacher
    assert "Tiết dạy hôm nay" not in teacher


def test_leave_that_waits_is_counted_for_who_leads_the_class_and_nobody_else(day: World, client_of: ClientOf) -> None:
    here = day.here
    for number in (0, 1):
        asked = attendance.ask_leave(
            actor=actor(here.guardians[number]), enrolment=here.enrolments[number], first_day=TODAY, last_day=TODAY,
            session="", reason="Em bị sốt", attachment=None, at=NOON,
        )  # fmt: skip

    attendance.approve_leave(actor=actor(here.teacher), leave=asked, answer="", at=NOON)
    assert "Hôm nay được nghỉ có phép" in shown(client_of, here.guardians[1])
    assert "Hôm nay được nghỉ có phép" not in shown(client_of, here.guardians[0])
    assert "1 chờ duyệt" in shown(client_of, here.teacher)
    assert "1 chờ duyệt" in client_of(here.teacher).get("/attendance/").content.decode()
    assert "chờ duyệt" not in shown(client_of, day.elsewhere.teacher)


def test_a_guardian_sees_what_is_to_be_paid(day: World, client_of: ClientOf) -> None:
    here, clerk = day.here, actor(day.here.clerk)
    assert "Khoản cần nộp" not in shown(client_of, here.guardians[0])
    account = payments.open_account(
        actor=clerk, organisation_id=here.organisation.id, bank="970436", number="0011", holder="THCS MY AN"
    )
    fee = payments.set_fee(
        actor=clerk, account=account, name="Nước uống", legal_basis="Nghị quyết", base="month", amount=20_000,
        is_voluntary=False, valid_from=TODAY,
    )  # fmt: skip
    payments.issue_invoices(
        actor=clerk, organisation_id=here.organisation.id, title="Thu tháng 11/2026",
        charges=[Charge(here.enrolments[0].person_id, fee)], issued_on=TODAY, due_on=TODAY, at=NOON,
    )  # fmt: skip

    page = shown(client_of, here.guardians[0])

    assert "1 phiếu chưa nộp đủ" in page
    assert "20.000" in page
    assert "Khoản cần nộp" not in shown(client_of, here.guardians[1])


def test_an_accountant_sees_the_money_of_the_day(day: World, client_of: ClientOf) -> None:
    here = day.here
    keeper = account(staff("Võ Thị Lan", here.organisation, "other").person, "accountant", here.organisation)

    page = shown(client_of, keeper)

    assert "Thu và chi hôm nay" in page
    client = client_of(keeper)
    for address in set(re.findall(r"<a [^>]*href=\"(/[a-z][^\"#?]*)", page)):
        assert client.get(address).status_code in (200, 302), address
    for closed in ("/procedures/desk/", "/attendance/school/", "/timetable/drafts/"):
        assert client.get(closed).status_code in (403, 404), closed


def test_a_head_sees_the_school_today(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.here.head)

    assert "THCS Mỹ An" in page
    assert "trên 1 tiết theo thời khoá biểu" in page
    assert "trên 6 cột học kì này" in page


def test_a_reported_message_waits_before_the_head_until_it_is_decided(day: World, client_of: ClientOf) -> None:
    assert "Tin nhắn bị báo" not in shown(client_of, day.here.head)
    line = write(begin(day.here), day.here.teacher)
    report = messaging.report_line(actor=actor(day.here.guardians[0]), line=line, reason="Lời lẽ", at=NOON)

    assert "Tin nhắn bị báo" in shown(client_of, day.here.head)
    assert "Tin nhắn bị báo" not in shown(client_of, day.elsewhere.head)
    messaging.decide_report(actor=actor(day.here.head), report=report, hides=False, reason="Không có gì", at=NOON)
    assert "Tin nhắn bị báo" not in shown(client_of, day.here.head)


def test_officers_see_their_province_and_the_country(day: World, client_of: ClientOf) -> None:
    assert "UBND xã Mỹ An" in shown(client_of, day.department_officer)
    assert "Sở GD&amp;ĐT Đồng Tháp" in shown(client_of, day.ministry_officer)


def test_an_office_above_schools_sees_what_waits_for_it(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.department_officer)
    assert "chưa đặt hạn" in page
    assert "Trường đang nhận hồ sơ tuyển sinh" not in shown(client_of, day.ministry_officer)
    officer = client_of(day.department_officer)
    reports = f"/indicators/{day.department.public_id}/reports/"
    year = int(figures.school_year_of(clock.today())[:4])
    assert officer.post(f"{reports}deadline/", {"period": "mid", "due_on": f"15/01/{year + 1}"}).status_code == 303

    page = officer.get("/").content.decode()

    assert f"hạn 15/01/{year + 1}" in page
    assert f'href="{reports}?period=mid"' in page
    for address in ("/procedures/desk/", "/admissions/office/"):
        assert f'href="{address}"' in page
        assert officer.get(address).status_code == 200


def test_a_clerk_sees_what_waits_at_the_office(day: World, client_of: ClientOf) -> None:
    page = shown(client_of, day.here.clerk)

    assert "Văn phòng hôm nay" in page
    assert "trên 1 tiết theo thời khoá biểu" in page
    client = client_of(day.here.clerk)
    for address in set(re.findall(r"<a [^>]*href=\"(/[a-z][^\"#?]*)", page)):
        assert client.get(address).status_code in (200, 302), address


def test_the_public_has_a_home_too(day: World) -> None:
    answer = Client().get("/")

    assert answer.status_code == 200
    assert "Không cần đăng nhập" in answer.content.decode()


def test_home_pages_cost_the_same_in_a_small_class_and_in_a_large_one(
    day: World, client_of: ClientOf, django_assert_max_num_queries: Callable
) -> None:
    here = day.here
    keeper = account(person("Lê Thị Kim", here.organisation, "staff"), "accountant", here.organisation)
    people = (here.pupils[0], here.guardians[0], here.teacher, here.head, here.clerk, keeper, day.department_officer)
    LessonLog.objects.create(  # the year runs; before its first roll the homes say what is to be set up
        organisation=here.organisation, slot=Slot.objects.get(), class_subject=here.maths, day=TODAY - timedelta(7),
        taken_at=NOON,
    )  # fmt: skip
    costs = []
    for _ in range(2):
        for who in people:
            client = client_of(who)
            with django_assert_max_num_queries(30) as counted:
                client.get("/")
            costs.append(sum(is_question(query["sql"]) for query in counted.captured_queries))
        for number in range(20):
            enrol(day.here, f"Trần Văn {number}")

    # With the session; a node adds the beginning and the end of one transaction, and the scope comes with the session.
    assert costs[:7] == costs[7:]
    assert costs[:7] == [12, 11, 13, 13, 13, 12, 8]


def test_a_family_asks_once_for_all_its_children_and_schools(day: World, client_of: ClientOf) -> None:
    here, there, mother = day.here, day.elsewhere, day.here.guardians[0]
    Grant.objects.create(account=mother, role="guardian", organisation=there.organisation, valid_from=YEAR_START)
    costs = []
    for at, child in ((here, here.enrolments[1]), (here, here.enrolments[2]), (there, there.enrolments[0])):
        Guardianship.objects.create(
            organisation=at.organisation, child=child.person, guardian_id=mother.person_id, relationship="mother",
            valid_from=YEAR_START,
        )  # fmt: skip
        client = client_of(mother)
        with CaptureQueriesContext(connection) as counted:
            page = client.get("/").content.decode()
        assert child.person.full_name in page
        costs.append(sum(is_question(query["sql"]) for query in counted.captured_queries))

    assert costs == [11, 11, 11]


def is_question(sql: str) -> bool:
    return not sql.startswith(("SAVEPOINT", "RELEASE")) and "khue.scope" not in sql
