"""A commune's office plans the admission of the schools it manages: one rule, each school its seats and catchment."""

from datetime import timedelta

import pytest

from khue.foundation import clock, scope
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.schools import actions, queries
from khue.schools.models import AdmissionPlan
from tests.world import NOON, World, account, actor, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World):
    """Of the commune's office, which manages one of the two schools of the world."""
    return account(None, "department_officer", world.commune_office)


def details(**more: object) -> actions.PlanDetails:
    return actions.PlanDetails(
        **{
            "procedure": "first-grade-admission", "year": "2027-2028", "capacity": 0, "opens_at": NOON,
            "closes_at": NOON + timedelta(days=9), "zones": (), "who": "Trẻ sinh năm 2021", **more,
        }
    )  # fmt: skip


def seats(school, capacity: int = 70, street: str = "Ấp 3") -> actions.SchoolSeats:
    return actions.SchoolSeats(school, capacity, [("Mỹ An", street)])


def test_an_office_plans_for_its_schools_on_one_page_and_families_find_each(world: World, officer, client_of) -> None:
    second = organisation("school", "TH Mỹ An 2", world.commune_office)
    idle = organisation("school", "TH Mỹ An 3", world.commune_office)
    at = clock.now().astimezone(VIETNAM)
    commune = client_of(officer)
    assert "Lập kế hoạch tuyển sinh" in commune.get("/admissions/office/").content.decode()
    shown = commune.get("/admissions/area/").content.decode()
    assert world.here.organisation.name in shown
    assert world.elsewhere.organisation.name not in shown

    answer = commune.post("/admissions/area/", {
        "procedure": "first-grade-admission", "year": "2027-2028", "who": "Trẻ sinh năm 2021", "papers": "",
        "opens_at": f"{at:%Y-%m-%dT%H:%M}", "closes_at": f"{at + timedelta(days=9):%Y-%m-%dT%H:%M}",
        f"capacity_{world.here.organisation.id}": "70",
        f"zones_{world.here.organisation.id}": "Mỹ An: Ấp 3\nMỹ An: Ấp 4",
        f"capacity_{second.id}": "35", f"zones_{second.id}": "Mỹ An: Ấp 4",
    })  # fmt: skip

    assert answer.status_code == 303, answer.content.decode()
    made = list(AdmissionPlan.objects.order_by("capacity"))
    assert [(each.organisation_id, each.capacity, each.planned_by_id) for each in made] == [
        (second.id, 35, world.commune_office.id), (world.here.organisation.id, 70, world.commune_office.id),
    ]  # fmt: skip
    assert made[1].zones == [{"commune": "Mỹ An", "street": "Ấp 3"}, {"commune": "Mỹ An", "street": "Ấp 4"}]
    assert not AdmissionPlan.objects.filter(organisation=idle).exists()
    assert AuditRow.objects.filter(verb="admission.opened").count() == 2
    public = client_of(world.here.guardians[0]).get(f"/admissions/{made[1].public_id}/").content.decode()
    assert "UBND xã Mỹ An" in public
    page = commune.get(f"/admissions/{made[1].public_id}/office/")
    assert page.status_code == 200
    assert "kế hoạch của UBND xã Mỹ An" in page.content.decode()
    assert client_of(world.here.clerk).get(f"/admissions/{made[1].public_id}/office/").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Hãy ghi số chỗ cho ít nhất một trường."),
        ({"capacity": "70"}, "Hãy ghi địa bàn tuyển sinh của trường."),
        ({"zones": "Mỹ An"}, "Hãy ghi số chỗ của trường."),
        ({"capacity": "70", "zones": ": Ấp 3"}, "thiếu tên xã"),
        ({"capacity": "0", "zones": "Mỹ An"}, "1"),
    ],
)
def test_what_is_wrong_is_said_beside_the_school_and_nothing_is_published(
    world: World, officer, client_of, given, said
) -> None:
    school = world.here.organisation.id
    answer = client_of(officer).post("/admissions/area/", {
        "procedure": "first-grade-admission", "year": "2027-2028", "who": "x", "opens_at": "2027-06-01T08:00",
        "closes_at": "2027-06-09T08:00", **{f"{name}_{school}": value for name, value in given.items()},
    })  # fmt: skip

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AdmissionPlan.objects.exists()


def test_one_school_that_has_a_plan_already_leaves_all_unplanned(world: World, officer) -> None:
    second = organisation("school", "TH Mỹ An 2", world.commune_office)
    head = actor(world.here.head)
    with scope.of(head):
        own = details(capacity=10, zones=[("Mỹ An", "")])
        actions.open_admission(actor=head, organisation=world.here.organisation, details=own)
    commune = actor(officer)

    with scope.of(commune), pytest.raises(actions.PlanTaken) as refused:
        actions.plan_admissions(
            actor=commune, office=world.commune_office, details=details(),
            seats=[seats(second), seats(world.here.organisation)],
        )  # fmt: skip

    assert world.here.organisation.name in str(refused.value)
    assert AdmissionPlan.objects.count() == 1


def test_nobody_plans_for_schools_that_another_office_manages(world: World, officer, client_of) -> None:
    commune, department = actor(officer), actor(world.department_officer)
    for who, office, school in (
        (commune, world.commune_office, world.elsewhere.organisation),  # the department manages that one
        (commune, world.department, world.elsewhere.organisation),
        (department, world.commune_office, world.here.organisation),  # not in the commune's name
        (department, world.department, world.here.organisation),
        (actor(world.here.head), world.commune_office, world.here.organisation),
        (actor(world.ministry_officer), world.commune_office, world.here.organisation),
    ):
        with scope.of(who), pytest.raises(Forbidden):
            actions.plan_admissions(actor=who, office=office, details=details(), seats=[seats(school)])
    for outsider in (world.here.guardians[0], world.here.teacher, world.ministry_officer):
        assert client_of(outsider).get("/admissions/area/").status_code == 403

    assert not AdmissionPlan.objects.exists()


def test_an_office_sees_the_plans_of_its_own_schools_and_gives_no_seats(world: World, officer, client_of) -> None:
    with scope.of(actor(world.elsewhere.head)):
        far = actions.open_admission(
            actor=actor(world.elsewhere.head), organisation=world.elsewhere.organisation,
            details=details(capacity=5, zones=[("Đốc Binh Kiều", "")]),
        )  # fmt: skip
    commune = actor(officer)
    with scope.of(commune):
        near = actions.plan_admissions(
            actor=commune, office=world.commune_office, details=details(), seats=[seats(world.here.organisation)]
        )[0]
        assert queries.office_plans(commune) == [near]
        with pytest.raises(Forbidden):
            actions.give_seats(actor=commune, plan=near, seed="", at=NOON + timedelta(days=10))

    assert client_of(officer).get(f"/admissions/{far.public_id}/office/").status_code == 404
    assert client_of(world.department_officer).get(f"/admissions/{near.public_id}/office/").status_code == 404
    assert client_of(world.department_officer).get(f"/admissions/{far.public_id}/office/").status_code == 200
    near.refresh_from_db()
    assert near.seated_at is None
