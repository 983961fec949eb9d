"""Teachers, what they teach and whom they lead, out of a OneRoster package: full and delta."""

from collections.abc import Callable
from dataclasses import asdict

import pytest

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.registry.models import Affiliation, Guardianship, Person
from khue.schools import actions
from khue.schools.models import ClassSubject, HomeroomAppointment, SchoolClass, StaffMember, TeachingAssignment
from khue.schools.roster import refusals
from khue.schools.roster.preview import Preview
from khue.schools.tests.roster.packages import Tables, package
from khue.schools.tests.test_roster_export import package as written
from khue.schools.tests.test_roster_export import tables as tables_of
from khue.schools.tests.test_roster_import import begun, counts, everything, imported, previewed
from tests.world import NOON, TODAY, YEAR_START, School, World, actor, person, staff

MAI = {"sourcedId": "t1", "familyName": "Đỗ", "middleName": "Thị", "givenName": "Mai", "identifier": "8712345678"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path


def mai(**changed: str) -> Tables:
    """Đỗ Thị Mai teaches Toán in 6A beside nobody, and leads 6A."""
    return {
        "users": [{**MAI, **changed}],
        "roles": [{"userSourcedId": "t1", "role": "teacher", "roleType": "primary"}],
        "classes": [
            {"sourcedId": "h6a", "title": "6A", "grades": "6", "classType": "homeroom"},
            {"sourcedId": "m6a", "title": "Toán 6A", "grades": "6", "classCode": "6A", "classType": "scheduled",
             "subjectCodes": "TOAN"},
        ],
        "enrollments": [
            {"userSourcedId": "t1", "classSourcedId": "h6a", "role": "teacher", "primary": "true"},
            {"userSourcedId": "t1", "classSourcedId": "m6a", "role": "teacher", "primary": "true"},
        ],
    }  # fmt: skip


def all_rows() -> list[list[dict[str, object]]]:
    models = (StaffMember, TeachingAssignment, HomeroomAppointment, SchoolClass, ClassSubject, Affiliation, Person)
    return [list(model.objects.order_by("id").values()) for model in models]


def sentences(school: School, tables: Tables, **more: bool) -> list[str]:
    shown = Preview.restored(previewed(school, package(tables), **more).preview)
    return [sentence for line in shown.mistakes for sentence in line.sentences]


def teaching(school: School) -> list[tuple[str, int, bool, object, object]]:
    rows = TeachingAssignment.objects.filter(class_subject=school.maths).order_by("id")
    fields = ("staff__person__full_name", "share_percent", "leads", "starts_on", "ends_on")
    return list(rows.values_list(*fields))


def test_a_package_brings_a_teacher_who_takes_over_a_class_and_a_subject(world: World) -> None:
    done = imported(world.here, package(mai(email="mai@example.vn")))

    assert asdict(done.staff) == {
        "new": 1, "changed": 0, "unchanged": 0, "wrong": 0, "teaching": 1, "homerooms": 1,
    }  # fmt: skip
    made = Person.objects.get(moet_code="8712345678")
    assert (made.full_name, made.email) == ("Đỗ Thị Mai", "mai@example.vn")
    work = StaffMember.objects.get(person=made)
    assert (work.position, work.starts_on, work.ends_on) == ("teacher", TODAY, None)
    assert Affiliation.objects.get(person=made).kind == "staff"
    assert teaching(world.here) == [
        ("Lê Thị Hoa", 100, True, YEAR_START, TODAY),
        ("Đỗ Thị Mai", 100, True, TODAY, None),
    ]
    led = HomeroomAppointment.objects.order_by("starts_on").values_list("staff", "starts_on", "ends_on")
    assert list(led) == [(world.here.teacher_staff.id, YEAR_START, TODAY), (work.id, TODAY, None)]
    assert SchoolClass.objects.get(id=world.here.school_class.id).homeroom_teacher == work


def test_the_same_package_again_changes_nothing(world: World) -> None:
    imported(world.here, package(mai()))
    before = all_rows()

    done = imported(world.here, package(mai()))

    assert (done.staff.unchanged, done.staff.total) == (1, 1)
    assert all_rows() == before


@pytest.mark.parametrize("is_delta", [False, True])
def test_what_this_node_writes_changes_nothing_when_it_is_read(world: World, is_delta: bool) -> None:
    """Also two teachers of one name, a strand each, and a teacher who has a child in the school."""
    here = world.here
    for percent, strand in ((60, "Âm nhạc"), (40, "Mĩ thuật")):
        namesake = staff("Lê Thị Hoa", here.organisation, "teacher")
        TeachingAssignment.objects.create(
            organisation=here.organisation, class_subject=here.maths, staff=namesake, strand=strand,
            share_percent=percent, leads=False, starts_on=YEAR_START,
        )  # fmt: skip
    Guardianship.objects.create(
        organisation=here.organisation, child=here.enrolments[0].person, guardian=here.teacher_staff.person,
        relationship="mother", valid_from=YEAR_START,
    )  # fmt: skip
    before = all_rows()
    data = written(world)
    if is_delta:
        data = package(data, manifest={"file.enrollments": "delta", "file.users": "delta"})

    done = imported(here, data)

    assert (counts(done), done.staff.unchanged, done.staff.total) == ((0, 0, 3, 0), 3, 3)
    assert all_rows() == before


def test_a_delta_adds_a_teacher_beside_those_who_teach_already(world: World) -> None:
    tables = mai()
    tables["enrollments"] = [{**tables["enrollments"][1], "primary": "false"}]

    imported(world.here, package(tables, delta=True))

    assert teaching(world.here) == [
        ("Lê Thị Hoa", 100, True, YEAR_START, TODAY),
        ("Lê Thị Hoa", 50, True, TODAY, None),
        ("Đỗ Thị Mai", 50, False, TODAY, None),
    ]


def test_a_delta_ends_a_teaching_assignment_with_a_day_and_deletes_nothing(world: World) -> None:
    imported(world.here, package(mai()))
    tables = mai()
    tables["enrollments"] = [{**tables["enrollments"][1], "status": "tobedeleted"}]
    TeachingAssignment.objects.filter(staff__person__moet_code="8712345678").update(starts_on=YEAR_START)
    count = TeachingAssignment.objects.count()

    done = imported(world.here, package(tables, delta=True))

    assert (done.staff.changed, done.staff.teaching, done.staff.homerooms) == (1, 1, 0)
    assert teaching(world.here)[-1] == ("Đỗ Thị Mai", 100, True, YEAR_START, TODAY)
    assert TeachingAssignment.objects.count() == count
    again = imported(world.here, package(tables, delta=True))
    assert (again.staff.unchanged, again.staff.total) == (1, 1)


def test_a_delta_of_this_node_needs_no_table_but_the_one_that_changed(world: World) -> None:
    rows = package_tables(written(world))
    ends = [{**row, "status": "tobedeleted"} for row in rows["enrollments"] if row["role"] == "teacher"]

    done = imported(world.here, package({"enrollments": ends}, delta=True))

    assert (done.staff.changed, done.staff.teaching, done.staff.homerooms) == (1, 1, 1)
    assert teaching(world.here) == [("Lê Thị Hoa", 100, True, YEAR_START, TODAY)]
    assert SchoolClass.objects.get(id=world.here.school_class.id).homeroom_teacher is None
    assert HomeroomAppointment.objects.get().ends_on == TODAY


@pytest.mark.parametrize("where", ["users", "roles"])
def test_a_delta_with_a_deleted_teacher_ends_everything_with_a_day(world: World, where: str) -> None:
    imported(world.here, package(mai()))
    tables = {**mai(), "enrollments": []}
    tables[where] = [{**tables[where][0], "status": "tobedeleted"}]
    before = [len(rows) for rows in all_rows()]

    done = imported(world.here, package(tables, delta=True), applies_on=TODAY.replace(day=30))

    assert (done.staff.changed, done.staff.teaching) == (1, 1)
    work = StaffMember.objects.get(person__moet_code="8712345678")
    assert work.ends_on == TODAY.replace(day=30)
    assert Affiliation.objects.get(person=work.person).valid_to == TODAY.replace(day=29)
    assert teaching(world.here)[-1][-1] == TODAY.replace(day=30)
    assert [len(rows) for rows in all_rows()] == before


def test_whoever_left_and_is_back_the_same_day_works_here_again(world: World) -> None:
    imported(world.here, package(mai()))
    gone = {**mai(status="tobedeleted"), "enrollments": []}
    imported(world.here, package(gone, delta=True))
    assert StaffMember.objects.get(person__moet_code="8712345678").ends_on == TODAY

    imported(world.here, package(mai()))

    work = StaffMember.objects.get(person__moet_code="8712345678")
    assert (work.starts_on, work.ends_on) == (TODAY, None)
    assert teaching(world.here)[-1] == ("Đỗ Thị Mai", 100, True, TODAY, None)


def test_classes_and_subjects_that_are_missing_are_made_where_one_asks_for_it(world: World) -> None:
    tables = mai()
    for row in tables["classes"]:
        row |= {"title": row["title"].replace("6A", "6C"), "classCode": "6C"}

    done = imported(world.here, package(tables))

    assert (done.staff.new, done.staff.teaching, done.staff.homerooms) == (1, 1, 1)
    made = ClassSubject.objects.get(school_class__name="6C")
    assert (made.subject.code, made.weekly_periods_term_1) == ("TOAN", 4)
    assert TeachingAssignment.objects.get(class_subject=made).staff.person.full_name == "Đỗ Thị Mai"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t["roles"][0].update(role="wizard"), "Không biết vai trò “wizard” của người này"),
        (lambda t: t["roles"].append({"userSourcedId": "t1", "role": "student"}), "vừa là học sinh vừa là giáo viên"),
        (lambda t: t["users"].append({**MAI, "sourcedId": "t2"}), "Giáo viên này đã có ở dòng 2."),
        (lambda t: t["users"].append({**MAI}), "Giáo viên này đã có ở dòng 2."),
        (lambda t: t["users"][0].update(givenName="", familyName="", middleName=""), "Thiếu họ và tên."),
        (lambda t: t["users"][0].update(identifier="@@"), "Mã định danh Bộ GD&ĐT “@@” không đúng"),
        (lambda t: t["enrollments"].append({**t["enrollments"][0], "userSourcedId": "x9"}), "Không có ai mang mã “x9”"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_says_why_and_nothing_of_it_is_written(
    world: World, change: Callable[[Tables], object], told: str
) -> None:
    tables = mai()
    change(tables)
    tables["roles"] += [{"userSourcedId": "t2", "role": "teacher"}] if len(tables["users"]) > 1 else []

    done = imported(world.here, package(tables))

    assert done.staff.wrong == 1
    assert any(told in sentence for sentence in sentences(world.here, tables))
    assert StaffMember.objects.filter(person__moet_code="8712345678").count() == done.staff.new


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t["enrollments"][1].update(classSourcedId="zz"), "Phân công vào lớp “zz” không có trong"),
        (lambda t: t["classes"][1].update(classCode="Chồi", grades=""), "Lớp “Chồi” chưa có trong năm học"),
        (lambda t: t["classes"][1].update(subjectCodes="PHEP"), "Không có môn “PHEP” trong chương trình"),
        (lambda t: t["users"][0].update(identifier=""), "Giáo viên không có mã định danh"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_of_a_row_is_left_out_and_said(
    world: World, change: Callable[[Tables], object], told: str
) -> None:
    tables = mai()
    change(tables)

    assert any(told in sentence for sentence in sentences(world.here, tables))
    done = imported(world.here, package(tables))

    assert (done.staff.new, done.staff.wrong, done.staff.homerooms) == (1, 0, 1)
    again = imported(world.here, package(tables))
    assert (again.staff.unchanged, again.staff.total) == (1, 1)


def test_a_number_of_a_pupil_or_of_somebody_elsewhere_makes_nobody_a_teacher(world: World) -> None:
    child = world.here.enrolments[0].person
    Person.objects.filter(id=child.id).update(moet_code="8712345678")
    before = all_rows()

    assert imported(world.here, package(mai())).staff.wrong == 1
    Person.objects.filter(id=child.id).update(moet_code=None)
    person("Đỗ Thị Mai", world.elsewhere.organisation, "staff", moet_code="8712345678")
    with scope.of(actor(world.here.clerk)):
        told = sentences(world.here, mai())

    assert any("thuộc hồ sơ do đơn vị khác giữ" in sentence for sentence in told)
    assert [len(rows) for rows in all_rows()[:5]] == [len(rows) for rows in before[:5]]


def test_a_teacher_with_a_child_in_the_school_is_one_person(world: World) -> None:
    tables = mai(identifier="")
    tables["users"].append(
        {
            "sourcedId": "p1",
            "familyName": "Trần",
            "givenName": "Na",
            "agentSourcedIds": "t1",
            "identifier": "8700000009",
        }
    )
    tables["roles"] += [
        {"userSourcedId": "p1", "role": "student", "roleType": "primary"},
        {"userSourcedId": "t1", "role": "mother", "roleType": "secondary"},
    ]
    tables["enrollments"].append({"userSourcedId": "p1", "classSourcedId": "h6a", "role": "student"})

    done = imported(world.here, package(tables))

    assert (counts(done), done.staff.new) == ((1, 0, 0, 0), 1)
    mother = Person.objects.get(full_name="Đỗ Thị Mai")
    assert Guardianship.objects.get(child__moet_code="8700000009").guardian == mother
    assert set(Affiliation.objects.filter(person=mother).values_list("kind", flat=True)) == {"staff", "guardian"}
    again = imported(world.here, package(tables))
    assert (counts(again), again.staff.unchanged) == ((0, 0, 1, 0), 1)


def test_profiles_are_counted_and_their_passwords_never_kept(world: World) -> None:
    tables = {
        **mai(),
        "userProfiles": [
            {"sourcedId": "u1", "userSourcedId": "t1", "username": "mai.do", "password": "very-secret"},
            {"sourcedId": "u2", "userSourcedId": "nobody", "username": "x", "password": ""},
        ],
    }

    made = begun(world.here, package(tables))

    assert made.notes == [
        "Gói OneRoster 1.2 có 0 học sinh và 1 giáo viên, nhân viên.",
        "Gói có 2 hồ sơ đăng nhập (userProfiles.csv). Mật khẩu trong gói không bao giờ được đọc.",
        "1 hồ sơ đăng nhập của người không có trong users.csv được bỏ qua.",
    ]
    imported(world.here, package(tables))
    assert not AuditRow.objects.filter(details__icontains="very-secret").exists()


def test_profiles_without_their_columns_are_refused(world: World) -> None:
    with pytest.raises(refusals.NotOneRoster):
        begun(world.here, package({**mai(), "userProfiles": [{"sourcedId": "u1"}]}))


def test_only_head_and_clerk_bring_teachers(world: World) -> None:
    made = previewed(world.here, package(mai()))
    before, totals = all_rows(), everything()

    for somebody in (world.elsewhere.head, world.here.teacher, world.department_officer):
        with pytest.raises(Forbidden):
            actions.apply_roster(actor=actor(somebody), roster_import=made, at=NOON)

    assert all_rows() == before
    assert everything() == totals


def test_a_class_led_from_a_later_day_is_left_to_people(world: World) -> None:
    here = world.here
    HomeroomAppointment.objects.create(
        organisation=here.organisation, school_class=here.school_class, staff=here.teacher_staff,
        starts_on=TODAY.replace(day=30),
    )  # fmt: skip

    told = sentences(here, mai())

    assert any("Chưa ghi được chủ nhiệm lớp 6A" in sentence for sentence in told)
    assert imported(here, package(mai())).staff.homerooms == 0
    assert HomeroomAppointment.objects.get().staff == here.teacher_staff


def test_the_page_shows_teachers_beside_pupils(world: World, client_of) -> None:
    made = previewed(world.here, package(mai()))

    shown = client_of(world.here.clerk).get(f"/rosters/{made.public_id}/").content.decode()

    assert "Giáo viên, nhân viên mới" in shown
    assert "1 phân công, 1 chủ nhiệm đổi" in shown
    assert "Nhập 1 cán bộ, giáo viên" in shown


def package_tables(data: bytes) -> Tables:
    return {name.removesuffix(".csv"): rows for name, rows in tables_of(data).items()}
