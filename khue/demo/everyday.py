"""What the people of the first school told, asked, wrote and paid this month: all through the rooms' actions."""

from datetime import date, datetime, timedelta

from khue.demo import beside
from khue.demo.cast import Cast, key_of
from khue.foundation.clock import VIETNAM
from khue.messaging import actions as messaging
from khue.messaging import queries as talks
from khue.messaging.actions import Draft, LineDraft, QuestionDraft
from khue.payments import actions as payments
from khue.payments.actions import Charge
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import SchoolClass
from khue.workspace import actions as workspace
from khue.workspace.actions import Arrival, Wish
from khue.workspace.actions import Draft as Paper

DAY = timedelta(days=1)
PAID = 0.6
TALK = (
    "Chào cô, tuần này cháu hay quên vở bài tập. Cô cho gia đình hỏi bài về nhà của cháu ạ.",
    "Chào Quý phụ huynh, hôm nay em có bài 3 và bài 5 trang 18. Em tiến bộ hơn tháng trước nhiều.",
    "Cảm ơn cô. Gia đình sẽ nhắc cháu chuẩn bị vở từ tối hôm trước.",
)
QUESTIONS = (
    QuestionDraft("one", "Bữa ăn bán trú thế nào?", choices=("Ngon", "Vừa", "Chưa ngon")),
    QuestionDraft("several", "Nên thêm món gì?", is_required=False, choices=("Cá", "Rau", "Trái cây")),
    QuestionDraft("scale", "Mức hài lòng"),
    QuestionDraft("text", "Ý kiến khác", is_required=False),
)


def live_a_month(cast: Cast, at: datetime) -> None:
    """Conversations, an announcement, a survey, papers, tasks, leave, the week, and a month of fees partly paid."""
    today = at.astimezone(VIETNAM).date()
    room = schools.classes_led_by(cast.teacher, today)[0]
    _talk(cast, today, at)
    _tell(cast, room, at)
    _ask(cast, room, at)
    _work(cast, today, at)
    _collect(cast, room, today, at)


def _talk(cast: Cast, today: date, at: datetime) -> None:
    """The first families write to the homeroom teacher, who has not answered the last of them."""
    for number, guardian in enumerate(cast.guardians):
        choices = talks.choices_for(guardian, today).choices
        partners = [talks.partner_named(guardian, choice.value, today)[0] for choice in choices]
        partner = next((each for each in partners if each.staff_id == cast.teacher.person_id), None)
        if partner is None:
            continue
        made = messaging.begin_conversation(actor=guardian, partner=partner, with_pupil=False, at=at)
        for place, text in enumerate(TALK[: 1 if number == len(cast.guardians) - 1 else len(TALK)]):
            line = LineDraft(key=key_of(f"line {number} {place}"), text=text)
            writer = cast.teacher if place == 1 else guardian
            messaging.write_line(actor=writer, conversation=made, draft=line, at=at)


def _tell(cast: Cast, room: SchoolClass, at: datetime) -> None:
    draft = Draft(
        key=key_of("announcement"), subject="Họp phụ huynh cuối học kì I", class_ids=[room.id], asks="receipt",
        body="Kính mời Quý phụ huynh dự họp lúc 8 giờ Chủ nhật tuần sau tại phòng học của lớp.",
    )  # fmt: skip
    told = messaging.announce(actor=cast.teacher, draft=draft, files=[], at=at)
    for guardian in cast.guardians[:-2]:
        for copy in talks.own_copies_of(guardian, told):
            messaging.acknowledge(actor=guardian, copy=copy, at=at)


def _ask(cast: Cast, room: SchoolClass, at: datetime) -> None:
    draft = Draft(
        key=key_of("survey"), subject="Khảo sát bữa ăn bán trú", class_ids=[room.id], asks="survey", body="",
        due_at=at + 10 * DAY,
    )  # fmt: skip
    survey = messaging.write_survey(actor=cast.teacher, draft=draft, files=[], by_child=True, is_anonymous=False, at=at)
    for question in QUESTIONS:
        messaging.add_question(actor=cast.teacher, survey=survey, question=question)
    messaging.tell_survey(actor=cast.teacher, survey=survey, at=at)
    asked = [question.row.id for question in talks.questions_of(survey)]
    for number, guardian in enumerate(cast.guardians[:-1]):
        said = ([str(1 + number % 3)], [str(1 + number % 3)], [str(3 + number % 3)], ["Cảm ơn nhà trường."])
        for copy in talks.own_copies_of(guardian, survey.announcement):
            messaging.answer_survey(actor=guardian, copy=copy, typed=dict(zip(asked, said, strict=True)), at=at)


def _work(cast: Cast, today: date, at: datetime) -> None:
    """Papers that arrived and left, tasks, a leave that waits and one that was granted, a meeting in the hall."""
    place, staff = cast.place, {each.person_id: each for each in registry.colleagues(cast.place)}
    teacher = staff[cast.teacher.person_id or 0]
    for number, summary in enumerate(("Về việc báo cáo sơ kết học kì I", "Về việc tổ chức hội thi cấp trường"), 1):
        arrival = Arrival(
            symbol=f"{120 + number}/SGDĐT-VP", dated_on=today - DAY, issuer="Sở Giáo dục và Đào tạo", kind="letter",
            summary=summary, due_on=today + 7 * DAY,
        )  # fmt: skip
        arrived = workspace.register(actor=cast.clerk, organisation_id=place, arrival=arrival, on=today, at=at)
    workspace.assign(actor=cast.head, document=arrived, to=teacher, note="Thầy/Cô chuẩn bị kế hoạch.",
        due_on=today + 7 * DAY, on=today, at=at,
    )  # fmt: skip
    paper = Paper("plan", "Các tổ chuyên môn", "Kế hoạch ôn tập cuối học kì I", "I. Mục đích.\nII. Nội dung.")
    plan = workspace.draft(actor=cast.teacher, organisation_id=place, content=paper, at=at)
    workspace.submit(actor=cast.teacher, document=plan, note="", at=at)
    for title, days in (("Nộp đề kiểm tra cuối học kì I", 5), ("Cập nhật hồ sơ học sinh", 12)):
        workspace.give_task(
            actor=cast.head, organisation_id=place, to=teacher, title=title, origin="Họp giao ban",
            due_on=today + days * DAY, on=today, at=at,
        )  # fmt: skip
    wish = Wish("annual", today + 14 * DAY, today + 15 * DAY, "Việc gia đình", half_days=4)
    workspace.ask_leave(actor=cast.teacher, organisation_id=place, wish=wish, at=at)
    hall = workspace.add_venue(actor=cast.clerk, organisation_id=place, name="Hội trường", seats=200)
    begins = datetime(today.year, today.month, today.day, 14, tzinfo=VIETNAM) + 2 * DAY
    workspace.plan_occasion(
        actor=cast.clerk, organisation_id=place, title="Họp hội đồng sư phạm", attended_by="Toàn thể giáo viên",
        starts_at=begins, ends_at=begins + timedelta(hours=2), venue=hall,
    )  # fmt: skip


def _collect(cast: Cast, room: SchoolClass, today: date, at: datetime) -> None:
    """Water for a month in the first class: billed to all, paid in cash by six of ten families."""
    account = payments.open_account(
        actor=cast.accountant,
        organisation_id=cast.place,
        bank="970436",
        number="0011001234567",
        holder="TRUONG THCS THPT",
    )
    month = today.replace(day=1)
    fee = payments.set_fee(
        actor=cast.accountant, account=account, name="Nước uống", legal_basis="Nghị quyết của Hội đồng nhân dân tỉnh",
        base="month", amount=20_000, is_voluntary=False, valid_from=month,
    )  # fmt: skip
    children = [member.person_id for member in schools.members(room, today)]
    invoices = payments.issue_invoices(
        actor=cast.accountant, organisation_id=cast.place, title=f"Thu tháng {today:%m/%Y}",
        charges=[Charge(child, fee) for child in children], issued_on=today, due_on=today + 15 * DAY, at=at,
    )  # fmt: skip
    place = registry.organisation_with(cast.place)
    for number, invoice in enumerate(invoices[: int(len(invoices) * PAID)]):
        payments.take_cash(
            actor=cast.accountant, organisation=place, family=invoice.family, payer="Phụ huynh", amount=invoice.total,
            key=key_of(f"cash {number}"), on=today, at=at,
        )  # fmt: skip
    beside.take_the_banks_file(cast, account, invoices[int(len(invoices) * PAID) :], today, at)
