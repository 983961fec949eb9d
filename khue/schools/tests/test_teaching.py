from datetime import date
from decimal import Decimal as D

import pytest

from khue.curriculum import queries as curriculum
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.schools import actions, queries
from khue.schools.actions import Share
from khue.schools.models import ClassSubject, ElectiveChoice, SchoolClass, StaffMember, TeachingAssignment
from tests.world import TODAY, YEAR_START, World, actor, enrol, staff


def clerk(world: World) -> Actor:
    return actor(world.here.clerk)


@pytest.fixture
def lan(world: World) -> StaffMember:
    return staff("Đỗ Thị Lan", world.here.organisation, "teacher")


@pytest.fixture
def class_10a(world: World) -> SchoolClass:
    here = world.here
    return SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=10, name="10A")


def assign(world: World, *shares: Share, on: date = TODAY) -> None:
    actions.assign_teachers(actor=clerk(world), class_subjects=[world.here.maths], shares=shares, on=on)


def taught(world: World, on: date = TODAY) -> list[tuple[str, str, int, bool]]:
    found = queries.shares_of_one(world.here.maths, on)
    return [(share.full_name, share.strand, share.share_percent, share.leads) for share in found]


def test_the_programmes_subjects_are_added_once(world: World) -> None:
    here = world.here

    added = actions.add_programme_subjects(actor=clerk(world), school_year=here.year)

    plans = curriculum.subjects_in(6, here.year.starts_on, block="compulsory")
    assert added == len(plans) - 1
    science = ClassSubject.objects.get(school_class=here.school_class, subject__code="KHTN")
    assert science.weekly_periods_term_1 == D("4.00")
    assert actions.add_programme_subjects(actor=clerk(world), school_year=here.year) == 0


def test_several_teachers_share_an_integrated_subject_from_a_day_on(world: World, lan: StaffMember) -> None:
    hoa = world.here.teacher_staff

    assign(world, Share(lan, 60, "Vật lí"), Share(hoa, 40, "Hoá học"))

    assert taught(world) == [("Đỗ Thị Lan", "Vật lí", 60, True), ("Lê Thị Hoa", "Hoá học", 40, False)]
    assert taught(world, date(2026, 11, 22)) == [("Lê Thị Hoa", "", 100, True)]
    assert AuditRow.objects.get().verb == "teachers.assigned"


def test_who_goes_on_teaching_keeps_the_row_and_a_mistake_of_the_day_leaves_none(
    world: World, lan: StaffMember
) -> None:
    hoa = world.here.teacher_staff
    assign(world, Share(lan, 100))
    assign(world, Share(hoa, 100))
    assign(world, Share(hoa, 100), on=date(2026, 12, 1))

    rows = TeachingAssignment.objects.filter(class_subject=world.here.maths).order_by("id")
    assert [(row.staff_id, row.starts_on, row.ends_on) for row in rows] == [
        (hoa.id, YEAR_START, TODAY),
        (hoa.id, TODAY, None),
    ]
    assign(world)
    assert taught(world) == []


def test_shares_that_do_not_fit_are_refused(world: World, lan: StaffMember) -> None:
    hoa = world.here.teacher_staff
    for shares, refusal in (
        ([Share(lan, 60), Share(hoa, 30)], actions.SharesNotWhole),
        ([Share(lan, 120), Share(hoa, -20)], actions.SharesNotWhole),
        ([Share(lan, 60), Share(lan, 40)], actions.TeacherTwice),
        ([Share(world.elsewhere.teacher_staff, 100)], actions.NotWorkingThen),
    ):
        with pytest.raises(refusal):
            assign(world, *shares)
    with pytest.raises(actions.DayOutsideYear):
        assign(world, Share(lan, 100), on=date(2027, 8, 1))

    assert taught(world) == [("Lê Thị Hoa", "", 100, True)]


def test_pupils_choose_at_most_four_electives_and_may_change_from_a_day_on(
    world: World, class_10a: SchoolClass
) -> None:
    here = world.here
    codes = [p.subject for p in curriculum.subjects_in(10, here.year.starts_on, block="elective")]
    offered = [
        actions.offer_elective(actor=clerk(world), school_class=class_10a, subject=subject).id for subject in codes[:5]
    ]
    here.school_class = class_10a
    pupil = enrol(here, "Trần Thị Lụa")

    def choose(keys: list[int], on: date) -> None:
        actions.choose_electives(actor=clerk(world), school_class=class_10a, chosen={pupil.id: keys}, on=on)

    choose(offered[:4], YEAR_START)
    choose([*offered[:3], offered[4]], TODAY)

    assert set(ElectiveChoice.objects.filter(ends_on=None).values_list("class_subject_id", flat=True)) == {
        *offered[:3],
        offered[4],
    }
    assert ElectiveChoice.objects.get(class_subject_id=offered[3]).ends_on == TODAY
    with pytest.raises(actions.TooManyElectives, match="chọn 5 môn"):
        choose(offered, TODAY)
    with pytest.raises(actions.ElectiveTwice):
        actions.offer_elective(actor=clerk(world), school_class=class_10a, subject=codes[0])
    with pytest.raises(actions.NotElective):
        actions.offer_elective(actor=clerk(world), school_class=class_10a, subject=world.subject)
    assert [m.full_name for m in queries.learners(ClassSubject.objects.get(id=offered[4]), TODAY)] == ["Trần Thị Lụa"]


def test_loads_count_shares_and_duties(world: World, lan: StaffMember) -> None:
    assign(world, Share(lan, 75, "Vật lí"), Share(world.here.teacher_staff, 25, "Hoá học"))

    found = {row.staff.person.full_name: row for row in queries.teacher_loads(world.here.year, 1, TODAY)}

    assert (found["Đỗ Thị Lan"].load.taught, found["Đỗ Thị Lan"].load.owed) == (D("3.0"), 19)
    assert (found["Lê Thị Hoa"].load.taught, found["Lê Thị Hoa"].load.owed) == (D("1.0"), 15)
    assert found["Lê Thị Hoa"].lessons == ["Toán: 6A"]
    assert found["Phạm Thu Cúc"].load is None


def test_only_the_office_of_the_school_assigns(world: World, class_10a: SchoolClass) -> None:
    here = world.here
    for who in (here.teacher, here.pupils[0], world.elsewhere.head, world.department_officer):
        one = actor(who)
        with pytest.raises(Forbidden):
            actions.assign_teachers(actor=one, class_subjects=[here.maths], shares=[], on=TODAY)
        with pytest.raises(Forbidden):
            actions.add_programme_subjects(actor=one, school_year=here.year)
        with pytest.raises(Forbidden):
            actions.change_periods(actor=one, class_subject=here.maths, term_1=D(1), term_2=D(1))
        with pytest.raises(Forbidden):
            actions.offer_elective(actor=one, school_class=class_10a, subject=world.subject)
        with pytest.raises(Forbidden):
            actions.choose_electives(actor=one, school_class=here.school_class, chosen={}, on=TODAY)

    assert taught(world) == [("Lê Thị Hoa", "", 100, True)]
    assert ClassSubject.objects.filter(organisation=here.organisation).count() == 1
    here.maths.refresh_from_db()
    assert here.maths.weekly_periods_term_1 == 4


def test_a_clerk_assigns_through_the_pages(world: World, client_of, lan: StaffMember, class_10a: SchoolClass) -> None:
    here = world.here
    client = client_of(here.clerk)
    year = str(here.year.public_id)
    hoa = here.teacher_staff

    assert client.post(f"/years/{year}/subjects/").status_code == 303
    science = ClassSubject.objects.get(school_class=here.school_class, subject__code="KHTN")
    other = SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")
    client.post(f"/years/{year}/subjects/")
    beside = ClassSubject.objects.get(school_class=other, subject__code="KHTN")
    address = f"/teaching/{science.public_id}/"
    shown = client.get(address).content.decode()
    assert "Vật lí" in shown or "Phân môn" in shown or "strand" not in shown
    form = {
        "on": "23/11/2026",
        "staff_1": str(lan.public_id),
        "staff_2": str(hoa.public_id),
        "also": [str(beside.public_id)],
    }
    answer = client.post(address, form)
    assert answer["Location"] == f"/teaching/?year={year}&grade=6"
    assert [s.share_percent for s in queries.shares_of_one(beside, TODAY)] == [50, 50]
    assert client.post(address, {**form, "share_1": "70", "share_2": "70"}).status_code == 422
    assert client.post(f"{address}periods/", {"term_1": "3,5", "term_2": "4"}).status_code == 303
    science.refresh_from_db()
    assert science.weekly_periods_term_1 == D("3.50")
    assert "Đỗ Thị Lan" in client.get("/teaching/?grade=6").content.decode()
    assert "Đỗ Thị Lan" in client.get("/teaching/loads/").content.decode()
    elective = curriculum.subjects_in(10, here.year.starts_on, block="elective")[0].subject
    here.school_class = class_10a
    pupil = enrol(here, "Trần Thị Lụa")
    page = f"/classes/{class_10a.public_id}/electives/"
    assert client.post(f"{page}offer/", {"subject": str(elective.public_id)})["Location"] == page
    offered = ClassSubject.objects.get(school_class=class_10a, is_elective=True)
    chosen = {"choice": [f"{pupil.id}-{offered.id}", f"{here.enrolments[0].id}-{offered.id}"], "on": "23/11/2026"}
    assert client.post(page, chosen)["Location"] == page
    assert ElectiveChoice.objects.get().enrolment == pupil
    assert "checked" in client.get(page).content.decode()

    stranger = client_of(world.elsewhere.head)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}periods/").status_code == 404
    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}offer/").status_code == 404
    assert stranger.post(f"/years/{year}/subjects/").status_code == 404
    assert client_of(here.teacher).get("/teaching/").status_code == 403


def test_the_grid_and_the_loads_cost_the_same_for_one_class_and_for_ten(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.clerk)
    for count in (1, 9):
        for number in range(count):
            SchoolClass.objects.create(
                organisation=world.here.organisation, school_year=world.here.year, grade=6, name=f"6X{count}{number}"
            )
            staff(f"Vũ Văn {count}{number}", world.here.organisation, "teacher")
        client.post(f"/years/{world.here.year.public_id}/subjects/")
        with django_assert_num_queries(12):
            client.get("/teaching/?grade=6")
        with django_assert_num_queries(13):
            client.get("/teaching/loads/")
        with django_assert_num_queries(12):
            client.get(f"/teaching/{world.here.maths.public_id}/")
