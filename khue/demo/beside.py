"""What a term brings beside lessons: leave, a teacher who is ill, the next timetable, the bank's file, minutes, forms.

As everyday.py through the rooms' actions, with the same people; what a small school has nobody for is left out.
"""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import cast

from khue.attendance import actions as attendance
from khue.demo.cast import Cast, key_of
from khue.demo.teaching import ACTIVITIES
from khue.demo.weeks import ASSEMBLY, CLASS_HOUR, session_of
from khue.foundation import files
from khue.foundation.clock import VIETNAM
from khue.gradebook import actions as gradebook
from khue.gradebook import queries as books
from khue.gradebook.actions import TypedCell
from khue.messaging import actions as messaging
from khue.messaging.actions import Draft, SheetDraft
from khue.payments import actions as payments
from khue.payments import queries as money
from khue.payments.models import CollectionAccount, Invoice
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, Term
from khue.timetable import actions as timetable
from khue.timetable import queries as weeks
from khue.timetable.actions import WishDetails
from khue.workspace import actions as workspace
from khue.workspace.actions import Decided, Minutes

DAY = timedelta(days=1)
ALLOWED_HALF_DAYS = 24


def live_a_term(people: Cast, at: datetime) -> None:
    """All of it, today."""
    today = at.astimezone(VIETNAM).date()
    room = schools.classes_led_by(people.teacher, today)[0]
    term = cast(Term, schools.current_term(people.place, today))
    _ask_leave(people, room, today, at)
    _ask_consent(people, room, at)
    _plan_timetable(people, term, at)
    _be_ill(people, today, at)
    _correct_a_mark(people, term, today, at)
    _meet(people, today, at)


def _ask_leave(people: Cast, room: SchoolClass, today: date, at: datetime) -> None:
    """Two families ask leave for their children; the homeroom teacher has answered the first."""
    by_person = {member.person_id: member for member in schools.members(room, today)}
    for number, guardian in enumerate(people.guardians[:2], 1):
        child = next((by_person[ward] for ward in sorted(guardian.wards) if ward in by_person), None)
        if child is None:
            continue
        asked = attendance.ask_leave(
            actor=guardian, enrolment=schools.enrolment_of(guardian, child.enrolment_public_id),
            first_day=today + number * DAY, last_day=today + number * DAY, session="", attachment=None, at=at,
            reason="Cháu sốt, gia đình đưa đi khám" if number == 1 else "Gia đình có việc ở quê",
        )  # fmt: skip
        if number == 1:
            attendance.approve_leave(actor=people.teacher, leave=asked, answer="Chúc em mau khoẻ.", at=at)


def _ask_consent(people: Cast, room: SchoolClass, at: datetime) -> None:
    draft = Draft(
        key=key_of("consent"), subject="Tham quan khu di tích Gò Tháp", class_ids=[room.id], asks="consent",
        to_pupils=False, due_at=at + 7 * DAY,
        body="Lớp đi ngày thứ Bảy tuần sau, từ 6 giờ 30 đến 16 giờ, có giáo viên chủ nhiệm đi cùng. Không thu tiền.",
    )  # fmt: skip
    sheet = messaging.write_sheet(
        actor=people.teacher, draft=draft, sheet=SheetDraft("trip", takes_conditions=True), files=[], at=at
    )
    messaging.tell_sheet(actor=people.teacher, sheet=sheet, at=at)


def _plan_timetable(people: Cast, term: Term, at: datetime) -> None:
    """The office plans the next timetable: it begins as this one is, and asks for flag ceremony and class hour."""
    place = registry.organisation_with(people.place)
    activities = next(each for each in schools.subjects_of_year(term.school_year) if each.code in ACTIVITIES)
    for title, (weekday, period), subject in (
        ("Chào cờ", ASSEMBLY, None), ("Sinh hoạt lớp", CLASS_HOUR, activities),
    ):  # fmt: skip
        wish = WishDetails("fixed", title=title, weekday=weekday, period=period, subject=subject)
        timetable.add_wish(actor=people.head, organisation=place, details=wish, on=term.starts_on)
    for grade in schools.grades_of_year(term.school_year):
        if session_of(grade) == "pm":
            wish = WishDetails("session", grade=grade, session="pm")
            timetable.add_wish(actor=people.head, organisation=place, details=wish, on=term.starts_on)
    timetable.make_draft(
        actor=people.head, term=term, title="Điều chỉnh giữa kì", last_weekday=6, periods=(5, 5), at=at,
        begins_with=weeks.visible_versions(people.head).first(),
    )  # fmt: skip


def _be_ill(people: Cast, today: date, at: datetime) -> None:
    """A colleague of the homeroom teacher is ill for two days; who gives the first of the lessons is found."""
    staff = schools.staff_at(people.place, today)
    others = [each for each in staff if each.position == "teacher" and each.person_id != people.teacher.person_id]
    absence = timetable.record_absence(
        actor=people.clerk, staff=others[-1], starts_on=today + DAY, ends_on=today + 2 * DAY, reason="Ốm", at=at
    )
    lessons = [lesson for lesson in weeks.open_lessons(absence) if lesson.candidates]
    if lessons:
        first = lessons[0]
        timetable.assign_cover(
            actor=people.clerk, absence=absence, slot_id=first.slot_id, day=first.day,
            staff_id=first.candidates[0].staff, at=at,
        )  # fmt: skip


def _correct_a_mark(people: Cast, term: Term, today: date, at: datetime) -> None:
    """A book is closed, and its teacher asks to correct one mark. The years of all pupils are worked out."""
    own = {taught.public_id for taught in schools.classes_taught_by(people.teacher)}
    shelf = [row.book for row in books.shelf_of(people.teacher, today) if row.book and row.class_subject in own]
    opened = [book for book in (books.book_of(people.teacher, each) for each in shelf) if book.is_scored]
    if len(opened) > 1:
        gradebook.lock_book(actor=people.head, book=opened[-1], at=at)
        locked = books.book_of(people.teacher, opened[-1].public_id)
        grid = books.grid_of(locked)
        cell = TypedCell(grid.columns[0].id, grid.rows[0].enrolment_id, "8,5")
        gradebook.ask_correction(
            actor=people.teacher,
            book=locked,
            cell=cell,
            reason="Chấm sót ý cuối của câu 3, đã đối chiếu bài làm.",
            at=at,
        )
    gradebook.recompute_years(actor=people.head, school_year=term.school_year, at=at)


def _meet(people: Cast, today: date, at: datetime) -> None:
    """The board has met: what was decided is somebody's task. Leave of the year, the flag ceremony."""
    place, staff = people.place, registry.colleagues(people.place)
    by_person = {each.person_id: each for each in staff}
    head, teacher = by_person[people.head.person_id or 0], by_person[people.teacher.person_id or 0]
    held = datetime(today.year, today.month, today.day, 14, tzinfo=VIETNAM) - 3 * DAY
    minutes = workspace.write_minutes(
        actor=people.clerk, organisation_id=place, on=today, at=at, hands_in=True,
        minutes=Minutes(
            "Họp giao ban tháng", held, head, [head, teacher], ended_at=held + timedelta(minutes=90), place="Phòng họp",
            proceedings="Nhà trường đánh giá công tác tháng và bàn việc cuối học kì.",
            decisions=[
                Decided("Lập danh sách học sinh cần phụ đạo", teacher, today + 10 * DAY),
                Decided("Tuần lễ đọc sách bắt đầu từ thứ Hai tới"),
            ],
        ),
    )  # fmt: skip
    workspace.agree_to_minutes(actor=people.head, meeting=minutes, at=at)
    workspace.set_allowance(
        actor=people.head, organisation_id=place, people=staff, year=today.year, half_days=ALLOWED_HALF_DAYS
    )
    monday = datetime(today.year, today.month, today.day, 7, tzinfo=VIETNAM) - today.weekday() * DAY
    workspace.plan_occasion(
        actor=people.clerk, organisation_id=place, title="Chào cờ đầu tuần", attended_by="Toàn trường",
        starts_at=monday, ends_at=monday + timedelta(minutes=45), venue=None,
    )  # fmt: skip


def take_the_banks_file(
    people: Cast, account: CollectionAccount, unpaid: list[Invoice], today: date, at: datetime
) -> None:
    """The bank's file of the day: two families paid, one too little, and one transfer that names nobody."""
    lines = ["Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung giao dịch"]
    for number, ((invoice, code), short) in enumerate(zip(money.coded(unpaid[:3]), (0, 0, 5_000), strict=False), 1):
        lines.append(f"{today:%d/%m/%Y},FT26{number:06},{invoice.total - short},{code} nop tien nuoc")
    lines.append(f"{today:%d/%m/%Y},FT26000099,20000,nop tien nuoc cho con")
    file = files.store(
        actor=people.accountant, stream=BytesIO("\n".join(lines).encode()), name=f"sao-ke-{today:%d-%m-%Y}.csv",
        purpose="payments.statement", organisation_id=people.place, at=at,
    )  # fmt: skip
    brought = payments.bring_statement(actor=people.accountant, account=account, file=file, at=at)
    payments.take_statement(actor=people.accountant, statement=brought, today=today, at=at)
