"""The smallest valid things to test with, and one small world: a province with two schools.

Builders go through models, not actions, so that a test of an action arranges nothing by the code it tests.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from khue.assessment.models import Assignment, Attempt, Test
from khue.curriculum.models import Programme, Subject, SubjectGrade
from khue.foundation.actor import Actor, Held
from khue.foundation.text import name_sort_key, nfc
from khue.identity.models import Account, Grant, Handle
from khue.registry.models import Affiliation, Guardianship, Organisation, Person
from khue.registry.queries import covered_by
from khue.schools.models import (
    ClassSubject,
    Enrolment,
    SchoolClass,
    SchoolYear,
    StaffMember,
    TeachingAssignment,
    Term,
)

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam, a Monday in term 1
TODAY = date(2026, 11, 23)
YEAR_START = date(2026, 9, 7)
_numbers = count(1)


def organisation(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
    made = Organisation.objects.create(
        kind=kind, name=name, parent=parent, lineage=f"new-{next(_numbers)}", code=f"T{next(_numbers):06}"
    )
    made.lineage = f"{parent.lineage if parent else ''}{made.id}."
    made.save()
    return made


def person(name: str, at: Organisation, kind: str, **fields: object) -> Person:
    name = nfc(name)
    made = Person.objects.create(full_name=name, sort_key=name_sort_key(name), organisation=at, **fields)
    Affiliation.objects.create(person=made, organisation=at, kind=kind, valid_from=YEAR_START)
    return made


def account(of: Person | None, role: str, on: Organisation, user_name: str = "") -> Account:
    made = Account.objects.create(
        user_name=user_name or f"user{next(_numbers)}",
        person=of,
        display_name=of.full_name if of else role,
        created_at=NOON,
    )
    Handle.objects.create(account=made, kind="user_name", value=made.user_name)
    Grant.objects.create(account=made, role=role, organisation=on, valid_from=YEAR_START)
    return made


def actor(made: Account) -> Actor:
    """The account as an actor, with every role granted to it and the children it is a guardian of."""
    held = tuple(
        Held(role=g.role, organisation=g.organisation_id, covers=covered_by(g.organisation_id))
        for g in Grant.objects.filter(account=made)
    )
    wards = Guardianship.objects.filter(guardian_id=made.person_id, is_barred=False).values_list("child_id", flat=True)
    return Actor(
        account_id=made.id,
        person_id=made.person_id,
        name=made.display_name,
        held=held,
        door="test",
        wards=frozenset(wards) if made.person_id else frozenset(),
    )


@dataclass
class School:
    """A school in its first term with class 6A: some pupils with one guardian each, a teacher of Toán, a head."""

    organisation: Organisation
    year: SchoolYear
    term: Term
    term_2: Term
    school_class: SchoolClass
    maths: ClassSubject
    head: Account
    teacher: Account
    teacher_staff: StaffMember
    clerk: Account
    pupils: list[Account] = field(default_factory=list)
    guardians: list[Account] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)


@dataclass
class World:
    ministry: Organisation
    department: Organisation
    commune_office: Organisation
    ministry_officer: Account
    department_officer: Account
    subject: Subject
    here: School
    elsewhere: School


def staff(name: str, at: Organisation, position: str) -> StaffMember:
    return StaffMember.objects.create(
        organisation=at, person=person(name, at, "staff"), position=position, starts_on=YEAR_START
    )


def maths_subject() -> Subject:
    """Toán of GDPT 2018, the shipped row if the reference data is loaded."""
    programme, _ = Programme.objects.get_or_create(
        code="GDPT2018",
        defaults={"title": "Chương trình GDPT 2018", "valid_from": date(2018, 12, 26), "source": "TT 32/2018"},
    )
    subject, _ = Subject.objects.get_or_create(
        programme=programme, code="TOAN", defaults={"name": "Toán", "name_en": "Mathematics", "hue": "blue", "order": 1}
    )
    SubjectGrade.objects.get_or_create(
        subject=subject,
        grade=6,
        block="compulsory",
        defaults={
            "periods_per_year": 140,
            "mode": "score",
            "regular_marks_per_term": 4,
            "valid_from": date(2021, 9, 5),
            "source": "TT 32/2018",
        },
    )
    return subject


def school(name: str, parent: Organisation, subject: Subject, pupils: int = 3) -> School:
    place = organisation("school", name, parent)
    year = SchoolYear.objects.create(
        organisation=place, code="2026-2027", starts_on=YEAR_START, ends_on=date(2027, 5, 23)
    )
    term = Term.objects.create(
        organisation=place,
        school_year=year,
        number=1,
        starts_on=YEAR_START,
        ends_on=date(2027, 1, 10),
        teaching_weeks=18,
    )
    term_2 = Term.objects.create(
        organisation=place,
        school_year=year,
        number=2,
        starts_on=date(2027, 1, 11),
        ends_on=date(2027, 5, 23),
        teaching_weeks=17,
    )
    teacher = staff("Lê Thị Hoa", place, "teacher")
    head = staff("Trần Văn Bình", place, "head")
    clerk = staff("Phạm Thu Cúc", place, "clerk")
    school_class = SchoolClass.objects.create(
        organisation=place, school_year=year, grade=6, name="6A", homeroom_teacher=teacher
    )
    maths = ClassSubject.objects.create(
        organisation=place, school_class=school_class, subject=subject, weekly_periods_term_1=4, weekly_periods_term_2=4
    )
    TeachingAssignment.objects.create(organisation=place, class_subject=maths, staff=teacher, starts_on=YEAR_START)
    teacher_account = account(teacher.person, "subject_teacher", place)
    Grant.objects.create(account=teacher_account, role="homeroom_teacher", organisation=place, valid_from=YEAR_START)
    made = School(
        organisation=place,
        year=year,
        term=term,
        term_2=term_2,
        school_class=school_class,
        maths=maths,
        head=account(head.person, "head", place),
        teacher=teacher_account,
        teacher_staff=teacher,
        clerk=account(clerk.person, "clerk", place),
    )
    for number in range(pupils):
        enrol(made, f"Nguyễn Văn {'ABCDEGHIKL'[number % 10]}{number // 10 or ''}")
    return made


def enrol(at: School, name: str) -> Enrolment:
    """One more pupil in class 6A, with an account, a guardian and the guardian's account."""
    pupil = person(name, at.organisation, "pupil", birth_year=2015, birth_month=3, birth_day=2)
    guardian = person(f"Phụ huynh {name}", at.organisation, "guardian", email=f"guardian{next(_numbers)}@example.vn")
    Guardianship.objects.create(
        organisation=at.organisation, child=pupil, guardian=guardian, relationship="mother", valid_from=YEAR_START
    )
    made = Enrolment.objects.create(
        organisation=at.organisation, person=pupil, school_class=at.school_class, starts_on=YEAR_START
    )
    at.pupils.append(account(pupil, "pupil", at.organisation))
    at.guardians.append(account(guardian, "guardian", at.organisation))
    at.enrolments.append(made)
    return made


def world(pupils: int = 3) -> World:
    ministry = organisation("ministry", "Bộ Giáo dục và Đào tạo")
    department = organisation("department", "Sở GD&ĐT Đồng Tháp", ministry)
    commune_office = organisation("commune_office", "UBND xã Mỹ An", department)
    subject = maths_subject()
    return World(
        ministry=ministry,
        department=department,
        commune_office=commune_office,
        ministry_officer=account(None, "ministry_officer", ministry),
        department_officer=account(None, "department_officer", department),
        subject=subject,
        here=school("THCS Mỹ An", commune_office, subject, pupils),
        elsewhere=school("THCS&THPT Đốc Binh Kiều", department, subject, 2),
    )


def submitted_attempt(world: World, pupil: int, mark: int, assignment: Assignment | None = None) -> Attempt:
    """A test of class 6A that one of its pupils has handed in. mark in tenths."""
    here = world.here
    at = {"organisation": here.organisation}
    if assignment is None:
        test = Test.objects.create(**at, title="Bài 15 phút", subject=world.subject, grade=6, made_at=NOON)
        assignment = Assignment.objects.create(
            **at,
            test=test,
            class_subject=here.maths,
            opens_at=NOON - timedelta(hours=1),
            closes_at=NOON,
            assigned_at=NOON,
        )
    return Attempt.objects.create(
        **at, assignment=assignment, enrolment=here.enrolments[pupil], person=here.enrolments[pupil].person, number=1,
        seed=1, started_at=NOON, deadline_at=NOON, submitted_at=NOON, score=mark * 10, top=1000, mark=mark,
    )  # fmt: skip
