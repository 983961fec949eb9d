"""A class of the year that is over, with its results, and keys to sign its transcripts as a trial.

The pupils of the first class of grade 7 were led last year by the teacher whom the greeting signs in. A school without
such a class has nothing to sign yet. The keys are those of an authority of the demonstration's own (0301).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from khue.demo.loader import Loader
from khue.demo.queries import PASSWORD
from khue.demo.schools import ClassRoom, Made, Plan
from khue.foundation import clock
from khue.foundation.actor import SYSTEM, Actor
from khue.gradebook import actions as gradebook
from khue.gradebook.models import MarkBook, TermConduct, TermResult
from khue.gradebook.queries import rule_set_for
from khue.records import actions as records
from khue.records import queries as signing
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Enrolment, SchoolClass, SchoolYear, TeachingAssignment, Term

YEAR, GRADE = "2025-2026", 6
TERMS = ((date(2025, 9, 8), date(2026, 1, 11)), (date(2026, 1, 12), date(2026, 5, 24)))
WEEKS = (18, 17)
DAY = timedelta(days=1)
KEY_TITLE = f"Khoá trình diễn, mật khẩu {PASSWORD}"


@dataclass(frozen=True)
class Signing:
    """A person, or the body whose seal it is, and who tells of the key."""

    actor: Actor
    name: str
    place: Organisation
    is_seal: bool = False


def add_last_year(load: Loader, made: Made, plan: Plan) -> bool:
    """The year, its class, and what every term came to. Returns whether the school has such a class."""
    now = next((room for room in made.classes if room.grade == GRADE + 1), None)
    rules = rule_set_for(GRADE, TERMS[1][1])
    if now is None or rules is None:
        return False
    year = load.row(SchoolYear, organisation_id=made.key, code=YEAR, starts_on=TERMS[0][0], ends_on=TERMS[1][1])
    terms = [
        load.row(
            Term, organisation_id=made.key, school_year_id=year, number=number, starts_on=first, ends_on=last,
            teaching_weeks=WEEKS[number - 1],
        )
        for number, (first, last) in enumerate(TERMS, 1)
    ]  # fmt: skip
    room = ClassRoom(0, GRADE, f"{GRADE}A1", made.classes[0].homeroom)
    room.key = load.row(
        SchoolClass, organisation_id=made.key, school_year_id=year, grade=GRADE, name=room.name,
        homeroom_teacher_id=room.homeroom,
    )  # fmt: skip
    for person, _enrolment, name in now.pupils:
        enrolment = load.row(
            Enrolment, organisation_id=made.key, person_id=person, school_class_id=room.key, starts_on=TERMS[0][0],
            ends_on=TERMS[1][1] + DAY, status="finished",
        )  # fmt: skip
        room.pupils.append((person, enrolment, name))
    _add_results(load, made, room, plan, terms, rules.code)
    return True


def _add_results(load: Loader, made: Made, room: ClassRoom, plan: Plan, terms: list[int], rules: str) -> None:
    chance, teachers = load.random, list(made.teachers)
    levels = {enrolment: chance.gauss(76, 9) for _person, enrolment, _name in room.pupils}
    for number, (subject, grade_plan) in enumerate(plan.by_grade[GRADE]):
        key = load.row(
            ClassSubject, organisation_id=made.key, school_class_id=room.key, subject_id=subject.id,
            weekly_periods_term_1=2, weekly_periods_term_2=2,
        )  # fmt: skip
        load.row(
            TeachingAssignment, organisation_id=made.key, class_subject_id=key,
            staff_id=teachers[number % len(teachers)], starts_on=TERMS[0][0], ends_on=TERMS[1][1] + DAY,
        )  # fmt: skip
        is_scored = grade_plan.mode == "score"
        for term in terms:
            book = load.row(
                MarkBook, organisation_id=made.key, class_subject_id=key, term_id=term, rule_set=rules,
                school_year=2025, is_scored=is_scored,
            )  # fmt: skip
            for enrolment, level in levels.items():
                mean = min(100, max(50, round(level + chance.gauss(0, 6))))
                load.row(
                    TermResult, organisation_id=made.key, book_id=book, enrolment_id=enrolment,
                    mean_tenths=mean if is_scored else None, passed=None if is_scored else True,
                )  # fmt: skip
    for term, (_first, last) in zip(terms, TERMS, strict=True):
        recorded = datetime.combine(last, time(9), clock.VIETNAM)
        for enrolment in levels:
            load.row(
                TermConduct, organisation_id=made.key, enrolment_id=enrolment, term_id=term, level=3,
                sessions_absent=chance.randint(0, 4), recorded_at=recorded,
            )  # fmt: skip


def close_last_year(head: Actor, teacher: Actor, at: datetime) -> None:
    """The year is worked out, the class council has met, and the head has approved."""
    room = next(one for one in schools.visible_classes(head) if one.school_year.code == YEAR)
    gradebook.recompute_years(actor=head, school_year=room.school_year, at=at)
    held = gradebook.record_meeting(
        actor=teacher, school_class=room, held_on=TERMS[1][1], at=at,
        minutes="Hội đồng thống nhất kết quả cả năm của lớp; không có học sinh phải kiểm tra lại.",
    )  # fmt: skip
    gradebook.approve_meeting(actor=head, meeting=held, at=at)


def hand_out_keys(people: list[Signing], at: datetime) -> bool:
    """A key for each, trusted on this node alone. Returns whether there are any: not where real roots are named."""
    if not records.make_trial_authority(actor=SYSTEM, at=at):
        return False
    for one in people:
        records.add_key_file(
            actor=one.actor, organisation=one.place, is_seal=one.is_seal, title=KEY_TITLE,
            file=signing.trial_key_file(one.name, PASSWORD, at), password=PASSWORD, at=at,
        )  # fmt: skip
    return True
