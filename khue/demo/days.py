"""The weeks that have passed at a generated school: lessons held, absences, marks, days of learning online."""

from datetime import date, datetime, time, timedelta

from khue.activity.models import ActiveDay
from khue.attendance.models import Absence, LessonLog
from khue.curriculum.models import SubjectGrade
from khue.demo.loader import Loader
from khue.demo.schools import Made, Plan
from khue.foundation.clock import VIETNAM
from khue.foundation.ids import uuid7
from khue.gradebook import queries as gradebook
from khue.gradebook.models import Mark, MarkBook, MarkColumn, TermResult
from khue.gradebook.queries import MarkKind, RuleSet

#: How many school days before today are filled.
DAYS = 5
#: What lesson logs say was taught.
TITLES = ("Hình thành kiến thức mới", "Luyện tập", "Thực hành", "Ôn tập chương", "Kiểm tra và chữa bài")


def add_lessons(load: Loader, made: Made, today: date) -> None:
    """Logs of the last school days, 8 % of them online, 2 % of the pupils missing."""
    pupils = {room.key: room.pupils for room in made.classes}
    days = [today - timedelta(days=n) for n in range(1, DAYS * 2) if (today - timedelta(days=n)).isoweekday() < 7]
    for day in days[:DAYS]:
        taken = datetime.combine(day, time(11, 0), VIETNAM)
        is_written = day != days[0]  # what was taught on the last day still waits for its teacher
        for place, (slot, placed) in enumerate(made.slots):
            if placed.weekday != day.isoweekday():
                continue
            teacher = made.teachers[placed.teaching.teacher]
            written = {
                "title": TITLES[place % len(TITLES)], "rating": "A" if place % 5 else "B",
                "signed_by_name": teacher.name, "signed_by_id": teacher.account_id,
                "signed_at": taken,
            }  # fmt: skip
            log = load.row(
                LessonLog, organisation_id=made.key, slot_id=slot, class_subject_id=placed.teaching.class_subject,
                day=day, mode="online" if load.random.random() < 0.08 else "classroom", taken_at=taken,
                taken_by_id=teacher.account_id, taken_by_name=teacher.name, roll_key=uuid7(),
                **(written if is_written else {}),
            )  # fmt: skip
            for _person, enrolment, _name in pupils[placed.teaching.class_key]:
                if load.random.random() < 0.02:
                    kind = load.random.choice("PPPKM")
                    load.row(Absence, organisation_id=made.key, lesson_id=log, enrolment_id=enrolment, kind=kind)


def add_active_days(load: Loader, made: Made, today: date) -> None:
    """Two thirds of the pupils learnt online on one of the last days."""
    for room in made.classes:
        for person, _enrolment, _name in room.pupils:
            if load.random.random() < 0.66:
                day = today - timedelta(days=load.random.randint(1, 30))
                load.row(ActiveDay, organisation_id=made.key, person_id=person, day=day)


def add_marks(load: Loader, made: Made, plan: Plan, at: datetime) -> None:
    """Mark-books of term 1 for grades 6 to 12, with the first regular marks."""
    for room in made.classes:
        rules = gradebook.rule_set_for(room.grade, at.astimezone(VIETNAM).date())
        if rules is None:
            continue
        plans = {subject.id: grade_plan for subject, grade_plan in plan.by_grade[room.grade]}
        for subject, class_subject in room.subjects.items():
            _add_book(load, made, class_subject, plans[subject], [pupil[1] for pupil in room.pupils], rules, at)


def _add_book(
    load: Loader,
    made: Made,
    class_subject: int,
    plan: SubjectGrade,
    enrolments: list[int],
    rules: RuleSet,
    at: datetime,
) -> None:
    is_scored = plan.mode == SubjectGrade.Mode.SCORE
    kinds = [("regular", n) for n in range(1, (plan.regular_marks_per_term or 2) + 1)] + [("mid", 1), ("end", 1)]
    entered = max(1, (plan.regular_marks_per_term or 2) - 1)
    book = load.row(
        MarkBook, organisation_id=made.key, class_subject_id=class_subject, term_id=made.term, rule_set=rules.code,
        school_year=2026, is_scored=is_scored, columns=len(kinds), columns_entered=entered,
    )  # fmt: skip
    columns = [
        load.row(
            MarkColumn, organisation_id=made.key, book_id=book, kind=kind, position=position,
            has_marks=number < entered,
        )
        for number, (kind, position) in enumerate(kinds)
    ]  # fmt: skip
    filled = columns[:entered]
    for enrolment in enrolments:
        level = load.random.gauss(7.2, 1.3)
        marks = [min(100, max(20, round((level + load.random.gauss(0, 0.9)) * 2) * 5)) for _ in filled]
        for column, tenths in zip(filled, marks, strict=True):
            values = {"tenths": tenths} if is_scored else {"passed": tenths > 35}
            load.row(
                Mark, school_year=2026, organisation_id=made.key, column_id=column, enrolment_id=enrolment,
                recorded_at=at, **values,
            )  # fmt: skip
        mean = gradebook.term_mean([(MarkKind.REGULAR, tenths) for tenths in marks], rules) if is_scored else None
        passed = gradebook.term_passed([tenths > 35 for tenths in marks], len(kinds), is_over=False)
        load.row(
            TermResult, organisation_id=made.key, book_id=book, enrolment_id=enrolment, mean_tenths=mean,
            passed=None if is_scored else passed,
        )  # fmt: skip
