"""Who teaches what in a generated school: as many teachers to a subject as its periods ask for, in groups (tổ)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from khue.demo import campuses
from khue.demo.weeks import Teaching
from khue.schools.models import ClassSubject, SubjectGroup, TeachingAssignment

if TYPE_CHECKING:
    from khue.curriculum.models import SubjectGrade
    from khue.demo.loader import Loader
    from khue.demo.schools import Made, Plan
    from khue.demo.shapes import Shape

WEEKS_A_YEAR = 35
LAST_PRIMARY_GRADE = 5
#: So many of the first classes have the own subject of the teacher whom visitors meet.
SHOWN = 2
#: What the teacher of a primary class teaches it; other subjects have teachers of their own.
OF_CLASS_TEACHERS = frozenset({"TV", "TOAN", "DD", "TNXH", "KH", "LSDL", "HDTN"})
#: Experiential activities, of which one period a week is the class hour: the homeroom teacher gives them.
ACTIVITIES = frozenset({"HDTN", "HDTNHN"})
GROUPS = {
    "Tổ Toán - Tin": {"TOAN", "TIN", "THCN"},
    "Tổ Ngữ văn": {"NV"},
    "Tổ Ngoại ngữ": {"NN1", "NN2"},
    "Tổ Khoa học tự nhiên": {"KHTN", "VL", "HH", "SH", "CN"},
    "Tổ Khoa học xã hội": {"LSDL", "LS", "DL", "GDCD", "GDKTPL"},
    "Tổ Thể chất - Nghệ thuật": {"GDTC", "GDQPAN", "NT", "AN", "MT"},
    "Tổ Hoạt động giáo dục": {"HDTNHN", "NDGDDP"},
}


def specialities(plan: Plan, shape: Shape, teachers: int) -> list[str]:
    """What each of so many teachers stands for: the code of a subject, or "1" to "5", the grade of an own class."""
    own = [str(grade) for grade, count in shape.classes if grade <= LAST_PRIMARY_GRADE for _ in range(count)]
    asked: dict[str, Decimal] = defaultdict(Decimal)
    for grade, count in shape.classes:
        for subject, grade_plan in plan.by_grade.get(grade, []):
            if not _is_homeroom_teachers(subject.code, grade):
                asked[subject.code] += count * _weekly(grade_plan)
    return (own + _shared_out(asked, max(0, teachers - len(own))))[:teachers]


def add_groups(load: Loader, school: int, stands_for: Mapping[int, str]) -> dict[int, int]:
    """The school's groups, each led by its first member. Returns the group of each member of staff."""
    members: dict[str, list[int]] = defaultdict(list)
    for staff, code in stands_for.items():
        own = f"Tổ {code}" if code.isdigit() else None
        if name := own or next((name for name, codes in GROUPS.items() if code in codes), None):
            members[name].append(staff)
    groups = {}
    for name, keys in members.items():
        group = load.row(SubjectGroup, organisation_id=school, name=name, leader_id=keys[0])
        groups.update(dict.fromkeys(keys, group))
    return groups


def add_teaching(load: Loader, made: Made, plan: Plan, stands_for: Mapping[int, str]) -> list[Teaching]:
    """Class-subjects, each with the class's own teacher where that is one of the subject, else the least burdened of
    those who are at its campus in that half-day.
    """
    teachers_of: dict[str, list[int]] = defaultdict(list)
    for staff, code in stands_for.items():
        teachers_of[code].append(staff)
    taught = [
        (room, subject, _weekly(grade_plan))
        for room in made.classes
        for subject, grade_plan in plan.by_grade.get(room.grade, [])
    ]
    asked = ((subject.code, room.session, room.campus, round(weekly)) for room, subject, weekly in taught)
    at = campuses.places(made.classes, teachers_of, asked)
    burden: Counter[int] = Counter()
    for room, subject, weekly in taught:
        if _is_homeroom_teachers(subject.code, room.grade):
            burden[room.homeroom] += max(1, round(weekly))
    teachings: list[Teaching] = []
    for room, subject, weekly in taught:
        able = campuses.those_at(at, room.campus, room.session, teachers_of[subject.code], stands_for)
        is_own = _is_homeroom_teachers(subject.code, room.grade)
        if room.homeroom in able or is_own:
            able = [room.homeroom]
        elif room in made.classes[:SHOWN] and made.classes[0].homeroom in able:
            able = [made.classes[0].homeroom]
        teacher = min(able, key=lambda staff: burden[staff])
        at[teacher, room.session] = room.campus
        key = room.subjects[subject.id] = load.row(
            ClassSubject, organisation_id=made.key, school_class_id=room.key, subject_id=subject.id,
            weekly_periods_term_1=round(weekly, 2), weekly_periods_term_2=round(weekly, 2),
        )  # fmt: skip
        load.row(
            TeachingAssignment, organisation_id=made.key, class_subject_id=key, staff_id=teacher,
            starts_on=made.starts_on,
        )  # fmt: skip
        periods = max(1, round(weekly))
        burden[teacher] += 0 if is_own else periods
        teachings.append(Teaching(room.key, key, teacher, room.session, periods, subject.code in ACTIVITIES))
    return teachings


def _is_homeroom_teachers(code: str, grade: int) -> bool:
    return code in (OF_CLASS_TEACHERS if grade <= LAST_PRIMARY_GRADE else ACTIVITIES)


def _weekly(grade_plan: SubjectGrade) -> Decimal:
    return Decimal(grade_plan.periods_per_year or 0) / WEEKS_A_YEAR


def _shared_out(asked: Mapping[str, Decimal], places: int) -> list[str]:
    """Places by periods asked for: the next always to the subject whose teachers would have most (D'Hondt)."""
    given: Counter[str] = Counter()
    order = []
    codes = sorted(asked, key=lambda code: (code != "TOAN", code))  # mathematics to the first
    for _ in range(places if codes else 0):
        code = max(codes, key=lambda code: asked[code] / (given[code] + 1))
        given[code] += 1
        order.append(code)
    return order
