from datetime import date

import pytest

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.foundation.workbooks import workbook
from khue.registry.models import Organisation
from khue.schools import actions, queries
from khue.schools.class_names import names_in
from khue.schools.models import Enrolment, HomeroomAppointment, SchoolClass
from tests.world import TODAY, YEAR_START, World, actor, enrol, organisation, staff

LATER = date(2026, 11, 30)


def clerk(world: World) -> Actor:
    return actor(world.here.clerk)


def make(world: World, name: str = "6B", grade: int = 6) -> SchoolClass:
    return actions.create_class(actor=clerk(world), school_year=world.here.year, grade=grade, name=name)


def test_a_clerk_makes_renames_closes_and_reopens_a_class(world: World) -> None:
    made = make(world, " 6b ")
    actions.change_class(actor=clerk(world), school_class=made, grade=7, name="7B", campus=None)
    closed = actions.close_class(actor=clerk(world), school_class=made, on=TODAY)

    assert (closed.name, closed.grade, closed.closed_on) == ("7B", 7, TODAY)
    assert actions.reopen_class(actor=clerk(world), school_class=closed).closed_on is None
    assert list(AuditRow.objects.order_by("id").values_list("verb", flat=True)) == [
        "class.created", "class.changed", "class.closed", "class.reopened",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["6A", "6a", " 6 A"])
def test_a_class_name_is_taken_however_it_is_written(world: World, name: str) -> None:
    with pytest.raises(actions.ClassNameTaken):
        make(world, name)
    with pytest.raises(actions.ClassNameTaken):
        actions.change_class(actor=clerk(world), school_class=make(world), grade=6, name=name, campus=None)

    assert SchoolClass.objects.filter(school_year=world.here.year).count() == 2


def test_a_class_needs_a_name_and_a_campus_of_its_own_school(world: World) -> None:
    away: Organisation = organisation("campus", "Điểm trường xa", world.elsewhere.organisation)
    with pytest.raises(actions.NameMissing):
        make(world, " ")
    with pytest.raises(actions.CampusElsewhere):
        actions.create_class(actor=clerk(world), school_year=world.here.year, grade=6, name="6C", campus=away)

    assert SchoolClass.objects.filter(school_year=world.here.year).count() == 1


def test_a_class_with_pupils_is_not_closed(world: World) -> None:
    with pytest.raises(actions.ClassHasPupils, match="còn 3 học sinh"):
        actions.close_class(actor=clerk(world), school_class=world.here.school_class, on=TODAY)
    with pytest.raises(actions.DayOutsideYear):
        actions.close_class(actor=clerk(world), school_class=make(world), on=date(2027, 7, 1))

    assert not SchoolClass.objects.exclude(closed_on=None).exists()


def test_the_next_homeroom_teacher_takes_over_from_a_day_on(world: World) -> None:
    here = world.here
    lan = staff("Đỗ Thị Lan", here.organisation, "teacher")

    actions.appoint_homeroom_teacher(
        actor=clerk(world), school_class=here.school_class, staff=lan, on=date(2026, 11, 2), today=TODAY
    )

    rows = HomeroomAppointment.objects.order_by("starts_on").values_list("staff", "starts_on", "ends_on")
    assert list(rows) == [
        (here.teacher_staff.id, YEAR_START, date(2026, 11, 2)),
        (lan.id, date(2026, 11, 2), None),
    ]
    assert [c.name for c in queries.classes_led_by(actor(here.teacher), TODAY)] == []
    assert queries.class_card(clerk(world), here.school_class.public_id, TODAY).leader == "Đỗ Thị Lan"


def test_two_appointments_on_one_day_leave_the_second(world: World) -> None:
    here = world.here
    lan, mai = (staff(name, here.organisation, "teacher") for name in ("Đỗ Thị Lan", "Vũ Mai"))
    for teacher in (lan, mai):
        actions.appoint_homeroom_teacher(
            actor=clerk(world), school_class=here.school_class, staff=teacher, on=TODAY, today=TODAY
        )

    assert HomeroomAppointment.objects.get(ends_on=None).staff == mai
    assert HomeroomAppointment.objects.count() == 2


def test_an_appointment_waits_for_its_day_and_for_the_person(world: World) -> None:
    here = world.here
    stranger = world.elsewhere.teacher_staff

    def appoint(teacher: object, on: date) -> None:
        actions.appoint_homeroom_teacher(
            actor=clerk(world), school_class=here.school_class, staff=teacher, on=on, today=TODAY
        )

    with pytest.raises(actions.NotYet):
        appoint(here.teacher_staff, LATER)
    with pytest.raises(actions.NotWorkingThen):
        appoint(stranger, TODAY)
    with pytest.raises(actions.DayOutsideYear):
        appoint(here.teacher_staff, date(2026, 8, 1))
    assert not HomeroomAppointment.objects.exists()

    appoint(here.teacher_staff, TODAY)
    with pytest.raises(actions.AppointedLater):
        appoint(here.teacher_staff, date(2026, 11, 2))


def test_only_the_office_of_the_school_changes_its_classes(world: World) -> None:
    here = world.here
    for who in (here.teacher, here.pupils[0], world.elsewhere.head, world.department_officer):
        one = actor(who)
        with pytest.raises(Forbidden):
            actions.create_class(actor=one, school_year=here.year, grade=6, name="6Z")
        with pytest.raises(Forbidden):
            actions.change_class(actor=one, school_class=here.school_class, grade=9, name="9Z", campus=None)
        with pytest.raises(Forbidden):
            actions.close_class(actor=one, school_class=here.school_class, on=TODAY)
        with pytest.raises(Forbidden):
            actions.reopen_class(actor=one, school_class=here.school_class)
        with pytest.raises(Forbidden):
            actions.appoint_homeroom_teacher(
                actor=one, school_class=here.school_class, staff=here.teacher_staff, on=TODAY, today=TODAY
            )

    unchanged = SchoolClass.objects.get(school_year=here.year)
    assert (unchanged.name, unchanged.grade, unchanged.closed_on) == ("6A", 6, None)
    assert not HomeroomAppointment.objects.exists()


def test_rows_of_a_year_count_boys_and_girls_and_come_by_number(world: World) -> None:
    for name in ("6A10", "6A2", "7A1"):
        make(world, name, int(name[0]))
    girl = enrol(world.here, "Trần Thị Lụa").person
    girl.sex = "2"
    girl.save()

    rows = queries.class_rows(clerk(world), world.here.year, TODAY)

    assert [(row.name, row.size, row.girls) for row in rows] == [
        ("6A", 4, 1), ("6A2", 0, 0), ("6A10", 0, 0), ("7A1", 0, 0),
    ]  # fmt: skip
    assert rows[0].homeroom_teacher == "Lê Thị Hoa"


def test_the_list_and_the_page_cost_the_same_for_few_and_for_many(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.clerk)
    for count in (2, 18):
        for number in range(count):
            make(world, f"8A{count}.{number}", 8)
            enrol(world.here, f"Phạm Văn {count} {number}")
        client.get("/classes/")
        with django_assert_num_queries(10):
            assert client.get("/classes/").status_code == 200
        with django_assert_num_queries(12):
            assert client.get(f"/classes/{world.here.school_class.public_id}/").status_code == 200


def test_a_clerk_sets_up_a_class_through_the_pages(world: World, client_of) -> None:
    here = world.here
    client = client_of(here.clerk)

    answer = client.post(f"/years/{here.year.public_id}/classes/new/", {"grade": "7", "name": "7A1"})
    made = SchoolClass.objects.get(name="7A1")
    assert answer.status_code == 303
    assert client.post(f"/years/{here.year.public_id}/classes/new/", {"grade": "7", "name": "7a1"}).status_code == 422
    many = client.post(f"/years/{here.year.public_id}/classes/new/", {"grade": "7", "name": "7A2-7A4; 7B"})
    assert many["Location"] == f"/classes/?year={here.year.public_id}&grade=7"
    taken = client.post(f"/years/{here.year.public_id}/classes/new/", {"grade": "7", "name": "7C1, 7b"})
    assert "đã có lớp 7b" in taken.content.decode()
    assert client.post(f"/years/{here.year.public_id}/classes/new/", {"grade": "7", "name": " ; ,"}).status_code == 422
    names = SchoolClass.objects.filter(school_year=here.year, grade=7).values_list("name", flat=True)
    assert sorted(names) == ["7A1", "7A2", "7A3", "7A4", "7B"]
    address = f"/classes/{made.public_id}/"
    appointed = client.post(
        f"{address}homeroom/", {"staff": str(here.teacher_staff.public_id), "on": TODAY.strftime("%d/%m/%Y")}
    )
    assert appointed["Location"] == address
    assert client.post(f"{address}change/", {"grade": "7", "name": "7A9"})["Location"] == address
    assert "Lê Thị Hoa" in client.get(address).content.decode()
    assert client.post(f"{address}close/", {"on": "23/11/2026"})["Location"] == address
    assert "Lớp đã giải thể" in client.get(address).content.decode()
    assert client.post(f"{address}reopen/").status_code == 303

    refused = client.post(f"/classes/{here.school_class.public_id}/close/", {"on": "23/11/2026"})
    assert refused.status_code == 422
    assert "còn 3 học sinh" in refused.content.decode()
    sheet = client.get("/classes/?export=xlsx")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_a_class_of_another_school_is_found_by_nobody_and_pupils_see_no_class_page(world: World, client_of) -> None:
    address = f"/classes/{world.here.school_class.public_id}/"

    for who in (world.elsewhere.head, world.elsewhere.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(who).get(address).status_code == 404
    head = client_of(world.elsewhere.head)
    for step in ("change", "homeroom", "enrol"):
        assert head.get(f"{address}{step}/").status_code == 404
    for step in ("close", "reopen"):
        assert head.post(f"{address}{step}/").status_code == 404
    assert head.get(f"/classes/?year={world.here.year.public_id}").status_code == 404
    assert head.get(f"/years/{world.here.year.public_id}/classes/new/").status_code == 404
    teacher = client_of(world.here.teacher)
    assert teacher.get(address).status_code == 200
    assert teacher.get(f"{address}change/").status_code == 403
    assert Enrolment.objects.filter(ends_on=None).count() == 5


def test_the_list_of_a_class_is_taken_along_as_excel_and_on_paper(world: World, client_of) -> None:
    enrol(world.here, "Trần Thị Ánh")
    address = f"/classes/{world.here.school_class.public_id}/"
    teacher = client_of(world.here.teacher)

    page = teacher.get(address).content.decode()
    sheet = workbook.read(b"".join(teacher.get(f"{address}?export=xlsx").streaming_content)).sheets[0]  # type: ignore[attr-defined]
    printed = teacher.get(f"{address}list.pdf")

    assert f"{address}list.pdf" in page
    assert sheet.rows[0][:4] == ["STT", "Mã định danh", "Họ và tên", "Ngày sinh"]
    assert len(sheet.rows) == 5
    assert printed["Content-Type"] == "application/pdf"
    assert b"%PDF" in printed.content[:8]


@pytest.mark.parametrize("part", ["?export=xlsx", "list.pdf"])
def test_nobody_else_takes_the_list_of_a_class_along(world: World, client_of, part: str) -> None:
    address = f"/classes/{world.here.school_class.public_id}/{part}"

    for stranger in (world.elsewhere.head, world.elsewhere.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(stranger).get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("6A1", ["6A1"]), ("6A1, 6A2 ;6B", ["6A1", "6A2", "6B"]), ("6A1-6A3", ["6A1", "6A2", "6A3"]),
        ("6/9 – 6/11", ["6/9", "6/10", "6/11"]), ("6-1", ["6-1"]), ("6A3-6A1", ["6A3-6A1"]), ("6A1-6A90", ["6A1-6A90"]),
        ("10 Toán 1 - 10 Toán 2", ["10 Toán 1", "10 Toán 2"]), (" , ", []), ("Chim Non", ["Chim Non"]),
    ],
)  # fmt: skip
def test_several_classes_are_typed_as_people_write_them(typed: str, names: list[str]) -> None:
    assert names_in(typed) == names
