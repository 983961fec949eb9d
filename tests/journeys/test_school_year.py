"""A school's year in real browsers, from August to June: the clock of every process is moved, nothing else is."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from django.db import connection

from khue.attendance.models import RollCall
from khue.curriculum.models import SubjectGrade
from khue.foundation import clock as clocks
from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.gradebook import actions as gradebook
from khue.gradebook import queries as marks
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import Mark, MarkBook, MarkColumn, MarkCorrection, PupilYear
from khue.messaging.models import Conversation, Line, SurveyReply
from khue.payments import hooks, payment_codes
from khue.payments.models import BankHook, BankLine, Invoice, Receipt
from khue.schools.models import ClassSubject, Enrolment, TeachingAssignment
from khue.timetable.models import Cover, Draft, TimetableVersion
from tests.journeys.day import running
from tests.journeys.year import Opens, Year, make_ready_for_a_year, moved_clock, open_the_next_year_and_move
from tests.world import actor
from tests.world import world as a_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = 360


@pytest.mark.resilience
def test_a_school_year(node: Node, tmp_path: Path, browser_page: Opens) -> None:  # noqa: F811  the fixture
    with moved_clock(tmp_path) as clock:
        with scope.of_organisation(None):
            world = a_world()
            faculty = make_ready_for_a_year(world.here)
        clock.move_to(date(2026, 8, 24))
        with running(node, tmp_path, **clock.environment) as day:
            year = Year(day, clock, world, faculty, browser_page)
            the_head_plans_and_publishes_the_week(year)
            a_teacher_is_ill_and_covered(year)
            a_roll_is_taken_without_a_line(year)
            a_mother_writes_to_the_teacher(year)
            a_survey_is_answered(year)
            a_month_is_paid_by_bank(year)
            marks_are_entered_locked_and_one_is_changed(year)
            the_year_is_decided(year)
            everybody_moves_up(year)


def the_head_plans_and_publishes_the_week(year: Year) -> None:
    page = year.day.open(year.opens(), year.here.head)
    year.visit(page, "/timetable/wishes/?kind=busy")
    page.get_by_label("Giáo viên").select_option(label="Ngô Minh Đức")
    page.locator("select[name=weekday]").select_option("1")
    page.get_by_role("button", name="Lưu yêu cầu").click()
    year.visit(page, "/timetable/drafts/")
    page.get_by_label("Tên bản nháp").fill("Thời khoá biểu số 1")
    page.get_by_label("Số tiết buổi sáng").fill("5")
    page.get_by_label("Số tiết buổi chiều").fill("2")
    page.get_by_role("button", name="Lập bản nháp").click()
    page.get_by_label("Tối đa (giây)").fill("20")
    year.day.look(page)
    page.get_by_role("button", name="Bắt đầu xếp").click()
    with scope.of_organisation(None):
        over = Draft.objects.filter(conflicts=0, job__state="done")  # nothing is published while the search goes on
        wait_until(over.exists, seconds=300)  # a new node compiles its search first
    page.get_by_text("Lần xếp gần nhất:").wait_for()  # the page hears of it and reads itself anew
    page.get_by_role("link", name="Công bố…").click()
    year.day.look(page)
    page.get_by_label("Tên thời khoá biểu").fill("Thời khoá biểu số 1")
    page.get_by_label("Áp dụng từ ngày").fill("07/09/2026")
    page.get_by_role("button", name="Công bố và báo tin").click()
    with scope.of_organisation(None):
        wait_until(lambda: TimetableVersion.objects.count() == 1)
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, "/timetable/?day=2026-09-07")


def a_teacher_is_ill_and_covered(year: Year) -> None:
    year.clock.move_to(date(2026, 9, 15), hour=6)
    page = year.day.open(year.opens(), year.here.head)
    year.visit(page, "/timetable/absences/")
    page.get_by_label("Giáo viên").select_option(label="Ngô Minh Đức")
    page.get_by_label("Từ ngày").fill("15/09/2026")
    page.get_by_label("Đến hết ngày").fill("15/09/2026")
    page.get_by_label("Lí do").fill("Ốm")
    page.get_by_role("button", name="Xem các tiết cần dạy thay").click()
    page.get_by_role("button", name="Phân công").first.wait_for()
    year.day.look(page)
    while page.get_by_role("button", name="Phân công").count():
        page.get_by_role("button", name="Phân công").first.click()
        page.wait_for_load_state()
    page.get_by_text("Mọi tiết đã có người dạy thay.").wait_for()
    with scope.of_organisation(None):
        assert Cover.objects.count() >= 1


def a_roll_is_taken_without_a_line(year: Year) -> None:
    """The cover's roll is taken on a phone without a line and sent once; the family hears of the absence."""
    year.clock.move_to(date(2026, 9, 15), hour=7)
    with scope.of_organisation(None):
        cover = Cover.objects.select_related("staff__person", "slot").first()
    assert cover is not None
    page = year.day.open(year.opens(width=PHONE), year.faculty.accounts[cover.staff_id])
    year.visit(page, "/attendance/")
    path = f"/attendance/{cover.slot.public_id}/2026-09-15/"
    wait_until(lambda: page.evaluate("caches.keys().then(keys => keys.length)") > 0)
    year.visit(page, path)
    page.context.set_offline(True)
    page.locator("form.roll-ready").wait_for()
    page.locator(".roll .tap").first.click()
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_selector('#roll-state[data-state="waiting"]')
    page.context.set_offline(False)
    with scope.of_organisation(None):
        wait_until(lambda: RollCall.objects.count() == 1)


def a_mother_writes_to_the_teacher(year: Year) -> None:
    """The mother asks, the teacher hears it live and answers; nothing of it lies readable in the database."""
    year.clock.move_to(date(2026, 9, 16), hour=17)
    mother = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(mother, "/conversations/new/")
    mother.get_by_role("button", name="Nhắn tin").first.click()
    mother.get_by_role("textbox", name="Viết tin nhắn").wait_for()
    year.day.look(mother)
    mother.get_by_role("textbox", name="Viết tin nhắn").fill("Em chào thầy, hôm qua cháu sốt nên nghỉ học ạ.")
    mother.get_by_role("button", name="Gửi").click()
    mother.get_by_text("hôm qua cháu sốt").wait_for()
    with scope.of_organisation(None):
        thread = Conversation.objects.select_related("teacher").get()
        teacher = next(one for one in year.faculty.accounts.values() if one.person_id == thread.teacher_id)
    page = year.day.open(year.opens(), teacher)
    year.visit(page, f"/conversations/{thread.public_id}/")
    page.get_by_text("hôm qua cháu sốt").wait_for()
    page.get_by_role("textbox", name="Viết tin nhắn").fill("Tôi đã nhận tin, chúc cháu mau khoẻ.")
    page.get_by_role("button", name="Gửi").click()
    mother.get_by_text("chúc cháu mau khoẻ").wait_for()  # by the live door, without a reload
    with scope.of_organisation(None), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_line WHERE messaging_line::text LIKE %s", ["%sốt%"])
        assert cursor.fetchone() == (0,)
        assert Line.objects.count() == 2


def a_survey_is_answered(year: Year) -> None:
    """The homeroom teacher asks about lunch; a guardian answers on a phone, from the page that says what waits."""
    year.clock.move_to(date(2026, 9, 17))
    page = year.day.open(year.opens(), year.here.teacher)
    year.visit(page, "/messages/surveys/write/")
    page.get_by_label("Tiêu đề").fill("Bữa trưa ở trường")
    page.get_by_label("Hạn trả lời").fill("25/09/2026")
    page.get_by_role("button", name="Tiếp: câu hỏi").click()
    page.get_by_label("Câu hỏi", exact=True).fill("Gia đình đăng kí ăn trưa cho con?")
    page.get_by_label("Các mục để chọn").fill("Có\nKhông")
    page.get_by_role("button", name="Thêm câu này").click()
    page.get_by_role("button", name="Gửi khảo sát").wait_for()
    year.day.look(page)
    page.get_by_role("button", name="Gửi khảo sát").click()
    page.wait_for_load_state()
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    guardian.get_by_text("Bữa trưa ở trường").first.wait_for()
    year.day.look(guardian)
    guardian.get_by_role("link", name="Bữa trưa ở trường").first.click()
    guardian.get_by_label("Có", exact=True).check()
    year.day.look(guardian)
    guardian.get_by_role("button", name="Gửi câu trả lời").click()
    with scope.of_organisation(None):
        wait_until(lambda: SurveyReply.objects.count() == 1)
        survey = SurveyReply.objects.select_related("survey__announcement").get().survey
    year.visit(page, f"/messages/surveys/{survey.announcement.public_id}/results/")


def a_month_is_paid_by_bank(year: Year) -> None:
    """Three families are billed; the bank tells of one exact transfer and of three that a person has to look at."""
    year.clock.move_to(date(2026, 10, 1))
    page = year.day.open(year.opens(), year.here.clerk)
    secret = the_clerk_sets_a_fee(year, page)
    year.visit(page, "/payments/bill/")
    page.get_by_label("Nước uống").check()
    page.locator("input[name=groups]").first.check()
    page.get_by_role("button", name="Xem trước").click()
    year.day.look(page)
    page.get_by_role("button", name="Lập và gửi phiếu").click()
    with scope.of_organisation(None):
        wait_until(lambda: Invoice.objects.count() == 3)
        codes = [
            payment_codes.code_of(number) for number in Invoice.objects.order_by("id").values_list("id", flat=True)
        ]

    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, "/payments/")
    guardian.get_by_text("Thu tháng 10/2026").first.click()
    year.day.look(guardian)

    year.clock.move_to(date(2026, 10, 5))
    told = [
        ("FT1", 100_000, f"{codes[0]} nuoc uong"),  # exact
        ("FT2", 150_000, f"NOP TIEN {codes[1]}"),  # more than is asked
        ("FT3", 100_000, codes[2][:4]),  # cut off by the bank
        ("FT4", 80_000, "Ung ho quy lop"),  # nothing of ours
    ]
    assert the_bank_tells(year, secret, told) == {"new": 4, "known": 0, "unknown": 2}
    the_bank_tells(year, secret, told)  # its line was cut before it heard the answer
    with scope.of_organisation(None):
        assert BankLine.objects.count() == 4
    year.visit(page, "/payments/transfers/")
    page.get_by_text(codes[2][:4]).first.wait_for()
    with scope.of_organisation(None):
        cut = BankLine.objects.get(reference="FT3")
    year.visit(page, f"/payments/transfers/{cut.public_id}/?q={year.here.enrolments[2].person.full_name}")
    page.get_by_role("button", name="Ghi cho gia đình này").first.click()
    with scope.of_organisation(None):
        wait_until(lambda: Receipt.objects.count() == 3)
        assert sorted(Invoice.objects.values_list("paid", flat=True)) == [100_000] * 3
    year.visit(guardian, "/payments/")


def the_clerk_sets_a_fee(year: Year, page: Page) -> str:
    """An account, its bank's calls, and one fee. Returns the secret that the bank is given."""
    year.visit(page, "/payments/accounts/new/")
    page.get_by_label("Ngân hàng", exact=True).select_option(label="Vietcombank")
    page.get_by_label("Số tài khoản").fill("0011001234567")
    page.get_by_label("Chủ tài khoản").fill("TRUONG THCS MY AN")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/payments/fees/")
    page.get_by_role("button", name="Mở kênh báo có").click()
    page.get_by_text("Khoá bí mật chỉ hiện một lần").wait_for()
    year.day.look(page)
    shown = re.search(r"\b[A-Z2-7]{48}\b", page.inner_text("main"))
    assert shown is not None
    year.visit(page, "/payments/fees/new/")
    page.get_by_label("Tên khoản thu").fill("Nước uống")
    page.get_by_label("Căn cứ").fill("Nghị quyết của Hội đồng nhân dân tỉnh")
    page.locator("select[name=base]").select_option("month")
    page.get_by_label("Mức thu cho một đơn vị").fill("100.000")
    page.get_by_label("Áp dụng từ ngày").fill("01/09/2026")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/payments/fees/")
    return shown[0]


def the_bank_tells(year: Year, secret: str, transfers: list[tuple[str, int, str]]) -> dict[str, int]:
    """One signed call of the bank over HTTP, as a program makes it."""
    told = [{"reference": r, "on": "2026-10-05", "amount": a, "purpose": p, "payer": ""} for r, a, p in transfers]
    body = json.dumps({"transactions": told}).encode()
    second = str(int(clocks.now().timestamp()))
    with scope.of_organisation(None):
        hook = BankHook.objects.get()
    headers = {"X-Khue-Timestamp": second, "X-Khue-Signature": hooks.signature_of(secret, second, body)}
    answer = httpx.post(
        f"{year.day.address}/payments/bank/{hook.public_id}/", content=body, headers=headers, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def marks_are_entered_locked_and_one_is_changed(year: Year) -> None:
    year.clock.move_to(date(2026, 12, 28))
    page = year.day.open(year.opens(), year.here.teacher)
    year.visit(page, "/marks/")
    page.get_by_role("button", name="Mở sổ").first.click()
    page.locator("#marks").wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("#marks tbody tr").first.locator("td").first.focus()
    with scope.of_organisation(None):
        columns = MarkColumn.objects.count()
    block = "\\r\\n".join("\\t".join(typed for _ in range(columns)) for typed in ("8,5", "7", "9"))
    page.evaluate(
        f"""() => {{
            const data = new DataTransfer();
            data.setData("text/plain", "{block}");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {{clipboardData: data, bubbles: true}}));
        }}"""
    )
    with scope.of_organisation(None):
        wait_until(lambda: Mark.objects.count() == 3 * columns)
        book = MarkBook.objects.get()
    year.day.look(page)

    head = year.day.open(year.opens(), year.here.head)
    year.visit(head, f"/marks/books/{book.public_id}/lock/")
    head.get_by_role("button", name="Khoá sổ").click()
    head.wait_for_url(f"**/marks/books/{book.public_id}/")
    with scope.of_organisation(None):
        column = MarkColumn.objects.filter(book=book).order_by("id").first()
        pupil = year.here.enrolments[0]
    assert column is not None
    year.visit(page, f"/marks/columns/{column.public_id}/correct/{pupil.id}/")
    page.get_by_label("Điểm mới").fill("9")
    page.get_by_label("Lí do sửa").fill("Cộng sót điểm câu 5 của bài kiểm tra")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    year.visit(head, "/marks/corrections/")
    head.get_by_role("button", name="Duyệt", exact=True).click()
    head.get_by_text("Đã duyệt").wait_for()
    with scope.of_organisation(None):
        change = MarkCorrection.objects.get()
        assert (change.old_typed, change.new_typed) == ("8,5", "9")


def the_year_is_decided(year: Year) -> None:
    """Everybody's marks of both terms, conduct on a page, the meeting, the head's approval, what the family reads."""
    with scope.of_organisation(None):
        all_other_marks_come_in(year)
    year.clock.move_to(date(2027, 5, 21))
    page = year.day.open(year.opens(), year.here.teacher)
    with scope.of_organisation(None):
        sheet = f"/marks/classes/{year.here.school_class.public_id}/"
    for number in (1, 2):
        year.visit(page, f"{sheet}conduct/{number}/")
        for enrolment in year.here.enrolments:
            page.locator(f"input[name=level{enrolment.id}][value='3']").check(force=True)
        page.get_by_role("button", name="Lưu rèn luyện").click()
        page.wait_for_url(f"**{sheet}")
    year.visit(page, f"{sheet}meeting/")
    page.get_by_label("Biên bản").fill("Giáo viên các môn họp đủ, nhất trí với kết quả.")
    page.get_by_role("button", name="Lưu và trình hiệu trưởng").click()
    page.wait_for_url(f"**{sheet}")
    head = year.day.open(year.opens(), year.here.head)
    year.visit(head, sheet)
    head.get_by_role("button", name="Duyệt kết quả cả năm").click()
    head.get_by_text("đã duyệt kết quả cả năm").wait_for()
    year.day.look(head)
    with scope.of_organisation(None):
        found = PupilYear.objects.order_by("enrolment__person__sort_key").values_list("outcome", flat=True)
        assert list(found) == ["promoted"] * 3
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, f"/marks/pupils/{year.here.enrolments[0].public_id}/year/")
    guardian.get_by_text("Được lên lớp").first.wait_for()


def all_other_marks_come_in(year: Year) -> None:
    """What the other teachers type all year, column by column, through the action that their grids call."""
    scored = dict(SubjectGrade.objects.filter(grade=6, block="compulsory").values_list("subject_id", "mode"))
    for term, day in ((year.here.term, date(2026, 12, 29)), (year.here.term_2, date(2027, 5, 10))):
        year.clock.move_to(day)
        for subject in ClassSubject.objects.filter(school_class=year.here.school_class):
            if MarkBook.objects.filter(class_subject=subject, term=term).exists():
                continue  # typed and locked above
            teacher = actor(year.faculty.accounts[TeachingAssignment.objects.get(class_subject=subject).staff_id])
            book = gradebook.open_book(actor=teacher, class_subject=subject, term=term)
            typed = "8" if scored[subject.subject_id] == "score" else "Đ"
            cells = [
                TypedCell(column.id, pupil.id, typed)
                for column in marks.columns_of(book)
                for pupil in year.here.enrolments
            ]
            done = gradebook.record_marks(actor=teacher, book=book, cells=cells, at=clocks.now())
            assert done.refused == {}, done


def everybody_moves_up(year: Year) -> None:
    """In June; the family's past stays where it was."""
    open_the_next_year_and_move(year)
    with scope.of_organisation(None):
        places = Enrolment.objects.filter(school_class__school_year__code="2027-2028")
        assert set(places.values_list("school_class__name", "ends_on")) == {("7A", None)}
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, f"/marks/pupils/{year.here.enrolments[0].public_id}/year/")
    guardian.get_by_text("Được lên lớp").first.wait_for()
