"""The seats of an admission are given by the worker: all or none, by the same seed the same, few statements."""

import re
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import work
from khue.foundation.models import AuditRow, Job
from khue.procedures import actions as procedures
from khue.procedures.models import Case, Slip
from khue.schools import actions
from khue.schools.actions import seating
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan, SchoolClass
from khue.schools.tests.test_admission import applies, plan
from khue.schools.tests.test_admission_pages import ClientOf
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: LATER)


def begun(world: World, made: AdmissionPlan, seed: str = "") -> Job:
    return actions.begin_seating(actor=actor(world.here.head), plan=made, seed=seed, at=LATER)


def seated() -> set[str]:
    return set(Case.objects.filter(ends="granted").values_list("code", flat=True))


def test_the_worker_gives_the_seats_and_says_how_many(world: World) -> None:
    made = plan(world, capacity=2)
    for _ in range(3):
        applies(world)

    job = begun(world, made)
    assert not seated()
    done = work.run_now(job)

    assert (done.state, done.summary) == (Job.State.DONE, "Đã xếp 2 chỗ. Danh sách kết quả đã công bố.")
    assert (done.done_count, done.total_count) == (3, 3)
    assert done.result_url == f"/admissions/{made.public_id}/office/"
    assert len(seated()) == 2
    assert AuditRow.objects.filter(verb="admission.seating_begun").count() == 1


def test_asked_twice_there_is_one_job_and_afterwards_none(world: World) -> None:
    made = plan(world)
    applies(world)
    first = begun(world, made)

    assert begun(world, made).id == first.id
    assert Job.objects.count() == 1
    work.run_now(first)
    with pytest.raises(actions.SeatedAlready):
        begun(world, made)


def test_a_worker_killed_in_the_middle_has_given_no_seat_and_the_next_gives_each_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(world, capacity=3, seed="so-7")
    codes = [applies(world).code for _ in range(7)]
    monkeypatch.setattr(seating, "AT_ONCE", 2)
    whole = procedures.do_steps

    def killed(**given: object) -> int:
        if Slip.objects.exclude(kind="receipt").count() >= 4:
            raise RuntimeError("killed")
        return whole(**given)

    monkeypatch.setattr(procedures, "do_steps", killed)
    job = work.run_now(begun(world, made, "so-7"))
    assert job.state == Job.State.WAITING
    assert not seated()
    assert not Slip.objects.exclude(kind="receipt").exists()
    made.refresh_from_db()
    assert made.seated_at is None

    monkeypatch.setattr(procedures, "do_steps", whole)
    assert work.run_now(job).state == Job.State.DONE

    queue = [seats.Waiting(code, seats.IN_ZONE, number) for number, code in enumerate(codes, 1)]
    assert seated() == seats.seated(queue, 3, "so-7")
    for kind, many in (("result", 3), ("refusal", 4)):
        numbers = Slip.objects.filter(kind=kind).order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, many + 1))
    assert Slip.objects.values("case_id", "kind").distinct().count() == Slip.objects.count()
    assert AuditRow.objects.filter(verb="case.step_done").count() == 7
    assert work.run_now(job).state == Job.State.DONE  # once more changes nothing
    assert Slip.objects.filter(kind="result").count() == 3


def test_what_came_between_ends_the_job_in_words_and_it_can_be_asked_again(world: World) -> None:
    made = plan(world)
    case = applies(world)
    job = begun(world, made)
    clerk = actor(world.here.clerk)
    procedures.ask_supplement(actor=clerk, case=case, wanted="Giấy xác nhận cư trú", at=LATER)

    stopped = work.run_now(job)

    assert stopped.state == Job.State.FAILED
    assert case.code in stopped.summary
    assert not seated()
    procedures.answer_supplement(actor=clerk, case=case, proof=case.code, answer="Đã gửi", at=LATER)
    assert work.run_now(begun(world, made)).state == Job.State.DONE
    assert seated() == {case.code}


@pytest.mark.parametrize("seed", ["", "so-1", "so-2"])
def test_whatever_the_batches_the_same_seed_seats_the_same_children(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    chance = Random(seed)
    made, queue = plan(world, capacity=6, seed=seed), []
    for number in range(1, 14):
        priority = chance.choice(["none", "poor"])
        near = chance.random() < 0.5
        case = applies(world, street="Ấp 3" if near else "Ấp 9", filled={"priority": priority})
        queue.append(
            seats.Waiting(case.code, seats.priority_of("Mỹ An", case.data["street"], priority, made.zones), number)
        )
    monkeypatch.setattr(seating, "AT_ONCE", chance.choice([1, 3, 5, 500]))

    assert actions.give_seats(actor=actor(world.here.head), plan=made, seed=seed, at=LATER) == 6

    assert seated() == seats.seated(queue, 6, seed)
    refused = Case.objects.filter(ends="refused").values_list("code", "reason")
    ranks = {each.code: rank for rank, each in enumerate(seats.in_order(queue, seed), 1)}
    assert all(f"đứng thứ {ranks[code]} " in reason for code, reason in refused)


def test_thirty_applications_cost_as_many_statements_as_three(world: World) -> None:
    def asked(many: int, year: str) -> int:
        made = plan(world, capacity=2, year=year)
        for _ in range(many):
            applies(world)
        with CaptureQueriesContext(connection) as captured:
            actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=LATER)
        return len(captured)

    asked(1, "2024-2025")
    assert asked(3, "2025-2026") == asked(30, "2026-2027") <= 20


def test_the_office_sees_that_seats_are_being_given_and_why_it_stopped(world: World, client_of: ClientOf) -> None:
    made = plan(world, seed="so-1")
    case = applies(world)
    head, clerk = client_of(world.here.head), client_of(world.here.clerk)
    office = f"/admissions/{made.public_id}/office/"

    answer = head.post(f"/admissions/{made.public_id}/seats/", {"seed": "so-1"})

    job = Job.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/jobs/{job.public_id}/")
    page = head.get(office).content.decode()
    assert "Đang xếp chỗ cho 1 hồ sơ" in page
    assert f"/jobs/{job.public_id}/" in page
    assert "/seats/" not in page
    seen = clerk.get(office).content.decode()
    assert "Đang xếp chỗ cho 1 hồ sơ" in seen
    assert f"/jobs/{job.public_id}/" not in seen
    assert "/judge/" not in seen
    procedures.ask_supplement(actor=actor(world.here.clerk), case=case, wanted="Giấy tờ", at=LATER)
    work.run_now(job)
    page = head.get(office).content.decode()
    assert "Lần xếp chỗ vừa rồi dừng lại" in page
    assert "/seats/" in page


def twins(world: World, made: AdmissionPlan, wish: str = "") -> dict[str, str]:
    """Where the children came, by name: two pairs of twins among children of one day whose parents are others."""
    for number, (child, mother) in enumerate(
        [("An", "Tư"), ("Bình", "Ba"), ("Cúc", "Tư"), ("Dũng", "Năm"), ("Én", "Ba"), ("Giang", "Sáu")]
    ):
        applies(
            world, child=f"Lê Thị {child}", applicant=f"Nguyễn Thị {mother}",
            filled={"twins": wish} if wish and number == 2 else {},
        )  # fmt: skip
    head = actor(world.here.head)
    actions.give_seats(actor=head, plan=made, seed="", at=LATER)
    second = SchoolClass.objects.create(
        organisation=world.here.organisation, school_year=world.here.year, name="6A9", grade=6
    )
    actions.place_admitted(actor=head, plan=made, classes=[world.here.school_class, second], on=date(2026, 11, 23))
    rows = AdmissionPlace.objects.values_list("case__subject_name", "enrolment__school_class__name")
    return {name.rpartition(" ")[2]: school_class for name, school_class in rows}


def test_twins_come_into_one_class_and_classes_stay_even(world: World) -> None:
    came = twins(world, plan(world, capacity=9, year="2026-2027"))

    assert came["An"] == came["Cúc"] != came["Bình"]
    assert came["Bình"] == came["Én"]
    assert sorted(list(came.values()).count(name) for name in set(came.values())) == [3, 3]


def test_twins_whose_family_asks_for_it_come_into_two_classes(world: World) -> None:
    came = twins(world, plan(world, capacity=9, year="2026-2027"), wish="apart")

    assert came["An"] != came["Cúc"]
    assert came["Bình"] == came["Én"]
    assert sorted(list(came.values()).count(name) for name in set(came.values())) == [3, 3]


def test_the_published_list_is_paged_however_many_there_are(world: World) -> None:
    made = plan(world, capacity=2)
    for number in range(60):
        applies(world, child=f"Lê Văn {number}")
    actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=LATER)
    address = f"/admissions/{made.public_id}/results/"

    page = Client().get(address).content.decode()

    codes = list(AdmissionPlace.objects.order_by("number").values_list("code", flat=True))
    assert [code in page for code in (codes[0], codes[49], codes[50])] == [True, True, False]
    assert "2 trong 60 hồ sơ" in page
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further is not None
    assert codes[59] in Client().get(address + further[1].replace("&amp;", "&")).content.decode()
