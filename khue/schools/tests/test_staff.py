import pytest

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.registry.models import Person
from khue.registry.queries import PersonDetails
from khue.schools import actions, queries
from khue.schools.models import SchoolClass, StaffMember, SubjectGroup, TeachingAssignment
from tests.world import TODAY, YEAR_START, World, actor, staff

TEACHER = StaffMember.Position.TEACHER


def clerk(world: World) -> Actor:
    return actor(world.here.clerk)


def add(world: World, name: str = "Đỗ Thị Lan", group: SubjectGroup | None = None) -> StaffMember:
    return actions.add_staff(
        actor=clerk(world),
        organisation=world.here.organisation,
        details=PersonDetails(name),
        position=TEACHER,
        code=" GV7 ",
        subject_group=group,
        on=YEAR_START,
    )


def make(world: World, name: str = "Tổ Toán") -> SubjectGroup:
    return actions.make_group(actor=clerk(world), organisation=world.here.organisation, name=name)


def test_somebody_new_works_at_the_school_until_they_leave(world: World) -> None:
    made = add(world)
    assert (made.code, made.person.full_name) == ("GV7", "Đỗ Thị Lan")

    ended = actions.end_staff(actor=clerk(world), staff=made, on=TODAY)

    assert ended.ends_on == TODAY
    assert [each.person.full_name for each in queries.staff_at(world.here.organisation.id, TODAY)] == [
        "Trần Văn Bình", "Phạm Thu Cúc", "Lê Thị Hoa",
    ]  # fmt: skip


def test_nobody_leaves_who_still_leads_or_teaches(world: World) -> None:
    hoa = world.here.teacher_staff
    with pytest.raises(actions.StillLeads, match="lớp 6A"):
        actions.end_staff(actor=clerk(world), staff=hoa, on=TODAY)
    SchoolClass.objects.update(homeroom_teacher=None)
    with pytest.raises(actions.StillTeaches, match="còn 1 phân công"):
        actions.end_staff(actor=clerk(world), staff=hoa, on=TODAY)
    TeachingAssignment.objects.filter(staff=hoa).update(ends_on=TODAY)
    with pytest.raises(actions.EndsBeforeBeginning):
        actions.end_staff(actor=clerk(world), staff=hoa, on=YEAR_START)

    assert StaffMember.objects.get(id=hoa.id).ends_on is None
    assert actions.end_staff(actor=clerk(world), staff=hoa, on=TODAY).ends_on == TODAY


def test_a_group_has_members_and_one_of_them_leads(world: World) -> None:
    maths, other = make(world), make(world, "Tổ Văn")
    lan, hoa = add(world), world.here.teacher_staff

    def change(group: SubjectGroup, members: list[StaffMember], leader: StaffMember | None) -> SubjectGroup:
        return actions.change_group(actor=clerk(world), group=group, name=group.name, members=members, leader=leader)

    change(maths, [lan, hoa], lan)
    with pytest.raises(actions.LeaderNotMember):
        change(other, [hoa], lan)
    change(other, [lan], None)

    maths.refresh_from_db()
    assert maths.leader is None
    rows = queries.subject_groups(world.here.organisation.id, TODAY)
    assert [(row.name, row.size, row.leader) for row in rows] == [("Tổ Toán", 1, ""), ("Tổ Văn", 1, "")]
    with pytest.raises(actions.GroupNameTaken):
        make(world, "tổ  toán")
    with pytest.raises(actions.NameMissing):
        make(world, " ")


def test_who_changes_group_leads_the_old_one_no_more(world: World) -> None:
    maths = make(world)
    lan = add(world, group=maths)
    actions.change_group(actor=clerk(world), group=maths, name="Tổ Toán - Tin", members=[lan], leader=lan)

    actions.change_staff(actor=clerk(world), staff=lan, position=TEACHER, code="", subject_group=None)

    maths.refresh_from_db()
    assert (maths.name, maths.leader) == ("Tổ Toán - Tin", None)
    away = SubjectGroup.objects.create(organisation=world.elsewhere.organisation, name="Tổ xa")
    with pytest.raises(actions.GroupElsewhere):
        actions.change_staff(actor=clerk(world), staff=lan, position=TEACHER, code="", subject_group=away)


def test_namesakes_are_told_apart_wherever_one_is_chosen(world: World, client_of) -> None:
    first, second = add(world, "Nguyễn Thị Hương", make(world)), add(world, "Nguyễn Thị Hương", make(world, "Tổ Văn"))
    Person.objects.filter(id=first.person_id).update(birth_year=1987)
    found = queries.staff_at(world.here.organisation.id, TODAY)

    names = queries.names_apart(found)

    assert (names[first.id], names[second.id]) == (
        "Nguyễn Thị Hương (Tổ Toán, 1987)", "Nguyễn Thị Hương (Tổ Văn, GV7)",
    )  # fmt: skip
    assert names[world.here.teacher_staff.id] == "Lê Thị Hoa"
    client = client_of(world.here.clerk)
    for page in (
        "/timetable/absences/", "/timetable/wishes/?kind=busy", f"/teaching/{world.here.maths.public_id}/",
        f"/classes/{world.here.school_class.public_id}/homeroom/",
    ):  # fmt: skip
        shown = client.get(page).content.decode()
        assert "Hương (Tổ Toán, 1987)" in shown, page
        assert "Hương (Tổ Văn, GV7)" in shown, page


def test_only_the_office_of_the_school_keeps_its_staff(world: World) -> None:
    here = world.here
    group = make(world)
    for who in (here.teacher, here.pupils[0], world.elsewhere.head, world.department_officer):
        one = actor(who)
        with pytest.raises(Forbidden):
            actions.add_staff(
                actor=one, organisation=here.organisation, details=PersonDetails("Ai"), position=TEACHER, code="",
                subject_group=None, on=TODAY,
            )  # fmt: skip
        with pytest.raises(Forbidden):
            actions.change_staff(actor=one, staff=here.teacher_staff, position=TEACHER, code="x", subject_group=None)
        with pytest.raises(Forbidden):
            actions.end_staff(actor=one, staff=here.teacher_staff, on=TODAY)
        with pytest.raises(Forbidden):
            actions.make_group(actor=one, organisation=here.organisation, name="x")
        with pytest.raises(Forbidden):
            actions.change_group(actor=one, group=group, name="x", members=[], leader=None)

    assert StaffMember.objects.filter(organisation=here.organisation).count() == 3
    assert list(SubjectGroup.objects.values_list("name", flat=True)) == ["Tổ Toán"]


def test_a_clerk_keeps_the_staff_through_the_pages(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    made = client.post("/staff/groups/", {"name": "Tổ Toán"})
    group = SubjectGroup.objects.get()
    assert made["Location"] == f"/staff/groups/{group.public_id}/"
    new = {"full_name": "Đỗ Thị Lan", "sex": "2", "position": "teacher", "on": "07/09/2026"}
    client.post("/staff/new/", {**new, "subject_group": str(group.public_id)})
    lan = StaffMember.objects.get(person__full_name="Đỗ Thị Lan")
    key = str(lan.public_id)
    assert lan.subject_group == group
    saved = client.post(f"/staff/groups/{group.public_id}/", {"name": "Tổ Toán", "leader": key, "members": [key]})
    assert saved["Location"] == "/staff/groups/"
    assert "Tổ trưởng" in client.get("/staff/?q=lan+do").content.decode()
    assert "Lê Thị Hoa" not in client.get("/staff/?q=lan").content.decode()
    assert client.post(f"/staff/{key}/", {"position": "deputy_head", "code": "PHT1"}).status_code == 303
    hoa = world.here.teacher_staff.public_id
    assert client.post(f"/staff/{hoa}/end/", {"on": "23/11/2026"}).status_code == 422
    assert "6A" in client.get(f"/staff/{hoa}/").content.decode()
    assert client.post(f"/staff/{key}/end/", {"on": "23/11/2026"})["Location"] == "/staff/"
    assert b"".join(client.get("/staff/?export=xlsx").streaming_content)[:2] == b"PK"

    other = client_of(world.elsewhere.head)
    assert other.get(f"/staff/{hoa}/").status_code == 404
    assert other.post(f"/staff/{hoa}/end/", {"on": "23/11/2026"}).status_code == 404
    assert other.get(f"/staff/groups/{group.public_id}/").status_code == 404
    teacher = client_of(world.here.teacher)
    assert teacher.get("/staff/").status_code == 403
    assert teacher.get("/staff/groups/").status_code == 403
    assert teacher.get("/staff/new/").status_code == 403


def test_the_list_costs_the_same_for_few_and_for_many(world: World, client_of, django_assert_num_queries) -> None:
    client = client_of(world.here.clerk)
    for count in (1, 30):
        for number in range(count):
            staff(f"Vũ Văn {count}{number}", world.here.organisation, "teacher")
        with django_assert_num_queries(11):
            client.get("/staff/")
        with django_assert_num_queries(11):
            client.get(f"/staff/{world.here.teacher_staff.public_id}/")
