"""Admission with a catchment, a queue all can see, and seats by the published rule."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS
from khue.foundation.errors import Forbidden
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.models import Case, Procedure
from khue.schools import actions
from khue.schools.dossiers import seats
from khue.schools.dossiers.queueing import AdmissionNotOpen
from khue.schools.dossiers.seats import Waiting, in_order, priority_of, seated
from khue.schools.models import AdmissionPlace, AdmissionPlan
from tests.world import NOON, TODAY, World, actor

ZONES = [{"commune": "Mỹ An", "street": "Ấp 3"}, {"commune": "Tân Hộ", "street": ""}]
KEY = "sixth-grade-admission"


def test_priority_is_that_of_the_published_zones() -> None:
    assert priority_of("mỹ an", "ấp 3", "none", ZONES) == seats.IN_ZONE
    assert priority_of("Tân Hộ", "đâu cũng được", "", ZONES) == seats.IN_ZONE
    assert priority_of("Mỹ An", "Ấp 4", "", ZONES) == seats.LAST
    assert priority_of("Mỹ An", "Ấp 3", "disabled", ZONES) == seats.FIRST
    assert priority_of("Nơi khác", "", "poor", ZONES) == seats.WITH_GROUND


@pytest.mark.parametrize(
    ("commune", "street", "inside"),
    [
        ("Xã Mỹ An", "Ấp 3", True), ("xã  Mỹ An", "ấp 3, đường số 2", True), ("P. Mỹ An", "Tổ 5 - Ấp 3", True),
        ("Phường Tân Hộ", "Ấp 9", True), ("Mỹ An", "Ấp 30", False), ("Mỹ An", "Ấp 3 Mới", False),
        ("Xã An", "Ấp 3", False), ("Xã", "Ấp 3", False),
    ],
)  # fmt: skip
def test_an_address_is_read_as_families_write_it(commune: str, street: str, inside: bool) -> None:
    assert (priority_of(commune, street, "", ZONES) == seats.IN_ZONE) is inside


QUEUES = st.lists(st.integers(0, 3), max_size=40).map(
    lambda classes: [Waiting(f"C{number}", priority, number) for number, priority in enumerate(classes, 1)]
)


@given(QUEUES, st.integers(0, 50), st.text(max_size=8))
def test_nobody_is_passed_over(queue: list[Waiting], capacity: int, seed: str) -> None:
    taken = seated(queue, capacity, seed)

    assert len(taken) == min(capacity, len(queue))
    worst = max((each.priority for each in queue if each.code in taken), default=-1)
    assert all(each.code in taken for each in queue if each.priority < worst)
    assert in_order(list(reversed(queue)), seed) == in_order(queue, seed)
    if not seed:
        within = [each.number for each in queue if each.priority == worst and each.code in taken]
        assert within == sorted(each.number for each in queue if each.priority == worst)[: len(within)]


def plan(
    world: World,
    capacity: int = 2,
    seed: str = "",
    procedure: str = KEY,
    year: str = "2027-2028",
    opens_at: datetime = NOON - timedelta(hours=1),
) -> AdmissionPlan:
    details = actions.PlanDetails(
        procedure=procedure, year=year, capacity=capacity,
        opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zones=[("Mỹ An", "Ấp 3")],
        seed_digest=seats.digest(seed) if seed else "",
    )  # fmt: skip
    return actions.open_admission(actor=actor(world.here.head), organisation=world.here.organisation, details=details)


def applies(
    world: World,
    commune: str = "Mỹ An",
    street: str = "Ấp 3",
    at=NOON,
    child: str = "",
    who=ANONYMOUS,
    key: str = KEY,
    born_on=date(2016, 1, 2),
    applicant: str = "Mẹ",
    filled: Mapping[str, object] = MappingProxyType({}),
    **more: object,
) -> Case:
    """Each time another child, unless told."""
    definition = cases.open_definition(Procedure.objects.get(key=key).public_id, TODAY)
    filing = procedures.Filing(
        definition=definition, organisation=world.here.organisation, applicant_name=applicant,
        subject_name=child or f"Con {Case.objects.count()}", born_on=born_on, phone="09",
        given={"commune": commune, "street": street, "sex": "2", "relation": "mother", **filled}, **more,
    )  # fmt: skip
    with scope.of(who):
        return procedures.file_case(actor=who, filing=filing, at=at)


@pytest.mark.django_db
def test_a_place_is_seen_and_seats_follow_the_rule(world: World) -> None:
    made = plan(world)
    far, near, later = applies(world, "Nơi khác"), applies(world), applies(world)
    with scope.of_organisation(world.here.organisation.id):
        shown = [str(note.text) for note in cases.followed(far).notes]
    assert shown[:2] == ["1", "2"]
    assert shown[2].startswith("Ngoài địa bàn. Nếu nơi ở thuộc địa bàn, hãy báo trường")
    assert shown[3] == "3"
    with pytest.raises(actions.StillOpen):
        actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=NOON)

    count = actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=NOON + timedelta(hours=2))

    assert count == 2
    ends = {each.id: each.ends for each in Case.objects.all()}
    assert ends == {near.id: "granted", later.id: "granted", far.id: "refused"}
    assert "thứ 3" in Case.objects.get(id=far.id).reason
    with pytest.raises(actions.SeatedAlready):
        actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=NOON + timedelta(hours=2))


@pytest.mark.django_db
def test_a_lot_is_drawn_only_with_the_seed_that_was_promised(world: World) -> None:
    made = plan(world, capacity=1, seed="20261123-0042")
    codes = [applies(world).code for _ in range(4)]
    after = NOON + timedelta(hours=2)
    with pytest.raises(actions.SeedIsAnother):
        actions.give_seats(actor=actor(world.here.head), plan=made, seed="gia đình tôi", at=after)
    assert not Case.objects.exclude(ends="").exists()

    actions.give_seats(actor=actor(world.here.head), plan=made, seed="20261123-0042", at=after)

    queue = [Waiting(code, seats.IN_ZONE, number) for number, code in enumerate(codes, 1)]
    assert set(Case.objects.filter(ends="granted").values_list("code", flat=True)) == seated(queue, 1, "20261123-0042")


@pytest.mark.django_db
def test_nobody_joins_before_the_opening_or_after_the_end(world: World) -> None:
    plan(world)

    for at in (NOON - timedelta(hours=2), NOON + timedelta(hours=1)):
        with pytest.raises(AdmissionNotOpen):
            applies(world, at=at)

    assert not AdmissionPlace.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_only_the_schools_own_office_opens_an_admission(world: World) -> None:
    details = actions.PlanDetails(
        procedure=KEY, year="2027-2028", capacity=1, opens_at=NOON, closes_at=NOON + timedelta(days=1), zones=[]
    )
    for who in (world.here.teacher, world.elsewhere.head, world.here.guardians[0]):
        with pytest.raises(Forbidden):
            actions.open_admission(actor=actor(who), organisation=world.here.organisation, details=details)
    with pytest.raises(actions.DigestMissing):
        actions.open_admission(
            actor=actor(world.here.head), organisation=world.here.organisation,
            details=actions.PlanDetails(
                procedure=KEY, year="2027-2028", capacity=1, opens_at=NOON, closes_at=NOON + timedelta(days=1),
                zones=[], seed_digest="abc",
            ),
        )  # fmt: skip

    assert not AdmissionPlan.objects.exists()
