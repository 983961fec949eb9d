"""One generated school: year, classes, people, teaching, a timetable, and the weeks that have passed."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from khue.curriculum.models import Subject, SubjectGrade
from khue.demo import teaching, weeks
from khue.demo.loader import Loader
from khue.demo.people import Being, Moment, add_account, add_family, add_person
from khue.demo.shapes import Shape
from khue.demo.weeks import Teaching
from khue.registry.models import Organisation
from khue.schools.models import (
    Connection,
    Device,
    Enrolment,
    LearnerMeans,
    Room,
    SchoolClass,
    SchoolYear,
    SpecialDay,
    StaffMember,
    Term,
)
from khue.timetable.models import Bell, Slot, TimetableVersion

YEAR, TERM_1, TERM_2 = "2026-2027", (date(2026, 9, 7), date(2027, 1, 10)), (date(2027, 1, 11), date(2027, 5, 23))
#: The bells of the school of domain §2.4.
BELLS = {
    "am": [(7, 0, 7, 45), (7, 55, 8, 40), (8, 55, 9, 40), (9, 50, 10, 35), (10, 45, 11, 30)],
    "pm": [(13, 0, 13, 45), (13, 55, 14, 40), (14, 55, 15, 40), (15, 50, 16, 35), (16, 45, 17, 30)],
}
#: Since when everybody works at the school: also in the year before.
HIRED = date(2020, 8, 1)
#: Head and clerk stand before the teachers in a list of staff.
BOARD = 2


@dataclass
class ClassRoom:
    """A generated class: pupils as (person, enrolment, name), class-subjects by subject."""

    key: int
    grade: int
    name: str
    homeroom: int
    campus: int = 0
    pupils: list[tuple[int, int, str]] = field(default_factory=list)
    subjects: dict[int, int] = field(default_factory=dict)

    @property
    def session(self) -> str:
        return weeks.session_of(self.grade)


@dataclass
class Made:
    """A generated school with what the day's rows need to point at."""

    key: int
    term: int
    classes: list[ClassRoom]
    head: Being
    teachers: dict[int, Being]
    slots: list[tuple[int, weeks.Placed]]
    clerk: Being
    guardians: list[Being] = field(default_factory=list)
    starts_on: date = TERM_1[0]


@dataclass(frozen=True)
class Plan:
    """What the programme asks of every grade: (subject, plan) pairs, compulsory ones first."""

    by_grade: dict[int, list[tuple[Subject, SubjectGrade]]]


def add_school(load: Loader, shape: Shape, above: tuple[int, str], number: int, plan: Plan, when: Moment) -> Made:
    """Everything of one school but its marks and lessons."""
    key = load.key(Organisation)
    lineage = f"{above[1]}{key}."
    load.row(
        Organisation, id=key, kind="school", name=shape.name, parent_id=above[0], lineage=lineage,
        code=f"82{number:06}", level_groups=shape.level_groups, valid_from=date(2000, 9, 5),
    )  # fmt: skip
    campuses = [key]
    for campus in range(shape.campuses):
        below = load.key(Organisation)
        name = f"{shape.name} - Điểm trường {campus + 2}"
        load.row(Organisation, id=below, kind="campus", name=name, parent_id=key, lineage=f"{lineage}{below}.")
        campuses.append(below)
    year, term = _add_year(load, key)
    codes = teaching.specialities(plan, shape, shape.teachers - BOARD)
    head, clerk, teachers = _add_staff(load, key, shape, number, codes, when)
    stands_for = dict(zip(teachers, codes, strict=True))
    classes = _add_classes(load, key, year, shape, campuses, list(teachers))
    made = Made(key, term, classes, head, teachers, [], clerk)
    _add_pupils(load, made, shape, number, when)
    _add_week(load, made, teaching.add_teaching(load, made, plan, stands_for))
    _add_things(load, key, classes)
    return made


def _add_year(load: Loader, school: int) -> tuple[int, int]:
    year = load.row(SchoolYear, organisation_id=school, code=YEAR, starts_on=TERM_1[0], ends_on=TERM_2[1])
    terms = [
        load.row(
            Term, organisation_id=school, school_year_id=year, number=number, starts_on=first, ends_on=last,
            teaching_weeks=teaching_weeks,
        )
        for number, (first, last), teaching_weeks in ((1, TERM_1, 18), (2, TERM_2, 17))
    ]  # fmt: skip
    tet = [(date(2027, 2, 1) + timedelta(days=n), "Nghỉ Tết Nguyên đán") for n in range(14)]
    for day, title in [(date(2027, 1, 1), "Tết Dương lịch"), *tet, (date(2027, 4, 30), "Ngày Chiến thắng")]:
        load.row(
            SpecialDay, organisation_id=school, school_year_id=year, day=day, kind="holiday", taught_as=None,
            title=title,
        )  # fmt: skip
    for session, hours in BELLS.items():
        for period, (h1, m1, h2, m2) in enumerate(hours, 1):
            load.row(
                Bell, organisation_id=school, campus_id=None, session=session, period=period, starts_at=time(h1, m1),
                ends_at=time(h2, m2),
            )  # fmt: skip
    return year, terms[0]


def _add_staff(
    load: Loader, school: int, shape: Shape, number: int, codes: list[str], when: Moment
) -> tuple[Being, Being, dict[int, Being]]:
    """Head, clerk, and teachers by staff key, the last in groups of the subjects they stand for."""
    keys = [load.key(StaffMember) for _ in range(shape.teachers)]
    group_of = teaching.add_groups(load, school, dict(zip(keys[BOARD:], codes, strict=True)))
    board: dict[str, Being] = {}
    teachers: dict[int, Being] = {}
    for place in range(shape.teachers):
        position = "head" if place == 0 else "clerk" if place == 1 else "teacher"
        is_girl = load.random.random() < 0.65
        person, name = add_person(load, school, "staff", when, is_girl=is_girl, born=load.random.randint(1966, 2001))
        user_name = {"head": f"hieutruong{number}", "clerk": f"vanthu{number}"}.get(position, f"gv{number}.{place - 1}")
        roles = {"head": ["head"], "clerk": ["clerk"]}.get(position, ["subject_teacher", "homeroom_teacher"])
        account = add_account(load, person, name, user_name, [(role, school) for role in roles], when)
        being = Being(person, account, name, user_name)
        load.row(
            StaffMember, id=keys[place], organisation_id=school, person_id=person, position=position,
            subject_group_id=group_of.get(keys[place]), starts_on=HIRED,
        )  # fmt: skip
        if position == "teacher":
            teachers[keys[place]] = being
        else:
            board[position] = being
    return board["head"], board["clerk"], teachers


def add_accountant(load: Loader, school: int, when: Moment) -> Being:
    """Who keeps the money of the first school: a role of its own, beside the clerk's."""
    person, name = add_person(load, school, "staff", when, is_girl=True, born=1988)
    account = add_account(load, person, name, "ketoan1", [("accountant", school)], when)
    load.row(StaffMember, organisation_id=school, person_id=person, position="other", starts_on=HIRED)
    return Being(person, account, name, "ketoan1")


def _add_classes(
    load: Loader, school: int, year: int, shape: Shape, campuses: list[int], staff: list[int]
) -> list[ClassRoom]:
    made: list[ClassRoom] = []
    for grade, count in shape.classes:
        for number in range(1, count + 1):
            name = f"{grade}A{number}"
            homeroom = staff[len(made) % len(staff)]
            campus = campuses[len(made) * len(campuses) // shape.class_count]
            key = load.row(
                SchoolClass, organisation_id=school, school_year_id=year, grade=grade, name=name, campus_id=campus,
                homeroom_teacher_id=homeroom,
            )  # fmt: skip
            made.append(ClassRoom(key, grade, name, homeroom, campus))
    return made


def _add_pupils(load: Loader, made: Made, shape: Shape, number: int, when: Moment) -> None:
    for place in range(shape.pupils):
        room = made.classes[place % len(made.classes)]
        is_girl = load.random.random() < 0.48
        person, name = add_person(load, made.key, "pupil", when, is_girl=is_girl, born=2020 - room.grade)
        enrolment = load.row(
            Enrolment, organisation_id=made.key, person_id=person, school_class_id=room.key, starts_on=when.first_day
        )
        room.pupils.append((person, enrolment, name))
        add_account(load, person, name, f"hs{number}.{place + 1}", [("pupil", made.key)], when)
        family = add_family(load, made.key, person, name, f"ph{number}.{place + 1}", when)
        if room is made.classes[0]:
            made.guardians.append(family)


def _add_week(load: Loader, made: Made, teachings: list[Teaching]) -> None:
    version = load.row(
        TimetableVersion, organisation_id=made.key, term_id=made.term, title="Học kì I", valid_from=TERM_1[0]
    )
    for placed in weeks.place(teachings, load.random):
        slot = load.row(
            Slot, organisation_id=made.key, version_id=version, class_subject_id=placed.teaching.class_subject,
            staff_id=placed.teaching.teacher, weekday=placed.weekday, session=placed.teaching.session,
            period=placed.period, is_online=load.random.random() < 0.08,
        )  # fmt: skip
        made.slots.append((slot, placed))


def _add_things(load: Loader, school: int, classes: list[ClassRoom]) -> None:
    for number in range(1, len(classes) // 2 + 1):
        room = load.row(Room, organisation_id=school, campus_id=None, name=f"P.{100 + number}", seats=45)
        load.row(Device, organisation_id=school, room_id=room, kind="projector", label=f"Máy chiếu P.{100 + number}")
    load.row(Device, organisation_id=school, kind="computer", label="Phòng máy tính 1", quantity=40)
    load.row(Connection, organisation_id=school, kind="fibre", megabits_per_second=200)
    for room_of_class in classes:
        for person, _enrolment, _name in room_of_class.pupils:
            if load.random.random() < 0.8:
                says = {
                    name: load.random.random() < share
                    for name, share in (("has_device", 0.7), ("has_connection", 0.85), ("has_software", 0.9))
                }
                load.row(LearnerMeans, organisation_id=school, person_id=person, answered_on=TERM_1[0], **says)
