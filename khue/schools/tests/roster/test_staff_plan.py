"""Teachers of a package as pure values: what is written is read back as the same work, whatever the school."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from khue.registry.queries import PersonDetails
from khue.schools.roster.known import KnownClass
from khue.schools.roster.known_staff import KnownLeader, KnownTeacher, Staff
from khue.schools.roster.oneroster_tables import source_id
from khue.schools.roster.package import package_of
from khue.schools.roster.plan import NewClass, Outcome
from khue.schools.roster.staff_plan import StaffPlan, planned_staff
from khue.schools.roster.teachers import teachers_of
from khue.schools.roster.writing import oneroster_of
from khue.schools.roster.written import WrittenRoster, WrittenTeaching
from khue.schools.tests.roster.packages import package
from tests.world import NOON, TODAY

CLASSES = {"6a": KnownClass(1, "6A", 6), "6b": KnownClass(2, "6B", 6)}
SUBJECTS = {"TOAN": "Toán", "NGUVAN": "Ngữ văn"}
NAMES = st.sampled_from(["Lê Hoa", "Lê  Hoà", "Hoa", "Trần Văn Bình", "Nguyễn Thị Hoà An"])


@st.composite
def staffs(draw: st.DrawFn) -> Staff:
    """A school with a few teachers, some of one name, some with a code."""
    teachers = {
        key: KnownTeacher(
            key, key + 100, PersonDetails(draw(NAMES), moet_code=draw(st.sampled_from(["", f"87{key:08}"]))),
            source_id("person", key + 100),
        )
        for key in range(1, draw(st.integers(1, 5)) + 1)
    }  # fmt: skip
    some = st.lists(st.sampled_from(sorted(teachers)), unique=True, max_size=3).map(tuple)
    leaders = st.none() | st.sampled_from(sorted(teachers))
    led = {key: draw(leaders) for key in CLASSES}
    return Staff(
        teachers,
        {(key, code): draw(some) for key in CLASSES for code in SUBJECTS},
        {key: KnownLeader(staff_id, None) for key, staff_id in led.items() if staff_id},
        {6: frozenset(SUBJECTS)},
        {"toan": "TOAN", "nguvan": "NGUVAN"},
        {source_id("class", (CLASSES[key].name, code)): (key, code) for key in CLASSES for code in SUBJECTS},
    )


def written(staff: Staff) -> bytes:
    def work(staff_id: int, key: str, code: str, *, leads: bool) -> WrittenTeaching:
        who, place = staff.teachers[staff_id], CLASSES[key]
        return WrittenTeaching(
            who.person_id, who.details.full_name, who.details.moet_code, "", place.name, place.grade, code,
            SUBJECTS.get(code, ""), leads,
        )  # fmt: skip

    led = [work(leader.staff_id, key, "", leads=True) for key, leader in staff.leaders.items()]
    taught = [
        work(staff_id, *place, leads=number == 0)
        for place, people in staff.taught.items()
        for number, staff_id in enumerate(people)
    ]
    year = ("THCS", "T1", "2026-2027", date(2026, 9, 7), date(2027, 5, 23))
    return oneroster_of(WrittenRoster(*year, (), (*led, *taught)), at=NOON)


def read(data: bytes, staff: Staff, new_classes: list[NewClass] | None = None) -> StaffPlan:
    found = package_of(data)
    return planned_staff(
        teachers_of(found, today=TODAY), staff, CLASSES, [] if new_classes is None else new_classes,
        pupil_numbers=frozenset(), create_classes=True, is_delta=found.is_delta, on=TODAY,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(staff=staffs(), is_delta=st.booleans())
def test_a_package_of_this_node_changes_nothing_of_any_staff(staff: Staff, is_delta: bool) -> None:
    data = written(staff)
    if is_delta:
        data = package(data, manifest={"file.enrollments": "delta"})

    made = read(data, staff)

    assert (made.teaching, made.leaders) == ({}, {})
    assert all(each.outcome is Outcome.UNCHANGED for each in made.teachers)


@settings(max_examples=60, deadline=None)
@given(staff=staffs(), other=staffs())
def test_a_package_read_by_another_school_says_the_same_work_again_and_again(staff: Staff, other: Staff) -> None:
    """What the plan says once it has been written, another reading of the package finds written."""
    made = read(written(staff), other)

    assert {place for place, people in made.teaching.items() if people} <= {
        place for place, people in staff.taught.items() if people
    }
    assert all(each.row.issues or each.outcome is not Outcome.WRONG for each in made.teachers)
    ids = [each.known.staff_id for each in made.teachers if each.known and each.outcome is not Outcome.WRONG]
    assert len(ids) == len(set(ids))
