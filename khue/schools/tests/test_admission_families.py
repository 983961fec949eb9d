"""Who applies: one place a child, of the right age; papers missing or saying otherwise; twins and their parents."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.models import Case, Slip
from khue.registry import actions as registry
from khue.registry.models import Guardianship, Person
from khue.registry.queries import PersonDetails
from khue.schools import actions, queries
from khue.schools.dossiers import seats
from khue.schools.dossiers.queueing import AgeOutside, SeatsTogether, StandsAlready
from khue.schools.models import AdmissionPlace, Enrolment, SchoolClass
from khue.schools.tests.test_admission import applies, plan
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


def notes_of(case: Case) -> dict[str, str]:
    with scope.of_organisation(case.organisation_id):
        return {str(note.title): str(note.text) for note in cases.followed(case).notes}


def test_a_child_stands_once_in_a_queue_whoever_of_the_parents_files(world: World) -> None:
    made = plan(world)
    first = applies(world, child="Nguyễn Minh An")
    with pytest.raises(StandsAlready):
        applies(world, child=" nguyen  minh an", street="Ấp 9")
    assert AdmissionPlace.objects.count() == 1
    made.refresh_from_db()
    assert made.joined == 1

    twin = applies(world, child="Nguyễn Minh Anh")
    head = actor(world.here.head)
    namesake = applies(world, child="Nguyễn Minh An", who=head, channel=Case.Channel.DESK)
    procedures.withdraw_case(actor=actor(world.here.head), case=first, proof=first.code, at=NOON)
    again = procedures.withdraw_case(actor=head, case=namesake, proof=namesake.code, at=NOON)
    assert again.finished_on is not None
    after = applies(world, child="Nguyễn Minh An")

    assert list(AdmissionPlace.objects.order_by("number").values_list("code", flat=True)) == [
        first.code, twin.code, namesake.code, after.code,
    ]  # fmt: skip


def test_the_schools_that_receive_stand_first(world: World) -> None:
    past, now, coming = (
        plan(world, year=f"{2024 + number}-{2025 + number}", opens_at=NOON + timedelta(days=days))
        for number, days in enumerate((-9, 0, 9))
    )

    assert queries.public_plans(NOON + timedelta(minutes=5)) == [now, coming, past]


@pytest.mark.parametrize(("born", "fits"), [(2017, False), (2018, True), (2021, True), (2022, False)])
def test_a_first_grade_takes_the_ages_of_the_charter(world: World, born: int, fits: bool) -> None:
    made = plan(world, procedure="first-grade-admission")
    if fits:
        applies(world, key="first-grade-admission", born_on=date(born, 12, 31))
    else:
        with pytest.raises(AgeOutside, match="từ năm 2018 đến năm 2021"):
            applies(world, key="first-grade-admission", born_on=date(born, 1, 1))

    made.refresh_from_db()
    assert made.joined == AdmissionPlace.objects.count() == int(fits)


def test_the_office_judges_a_ground_by_the_papers_and_the_family_reads_why(world: World) -> None:
    made = plan(world, capacity=1)
    near, poor = applies(world), applies(world, filled={"priority": "poor"})
    clerk = actor(world.here.clerk)

    judged = actions.judge_place(
        actor=clerk, plan=made, code=poor.code.lower(), priority=seats.IN_ZONE, why="Không có giấy hộ nghèo"
    )

    assert (judged.priority, judged.number) == (seats.IN_ZONE, 2)
    assert notes_of(poor)["Nhóm xếp chỗ"] == "Trong địa bàn (nhà trường xét: Không có giấy hộ nghèo)"
    assert AuditRow.objects.filter(verb="admission.judged").count() == 1
    for wrong, code, why in ((actions.WhyMissing, poor.code, " "), (actions.NoSuchPlace, "X-1", "Có giấy")):
        with pytest.raises(wrong):
            actions.judge_place(actor=clerk, plan=made, code=code, priority=0, why=why)
    with pytest.raises(Forbidden):
        actions.judge_place(actor=actor(world.elsewhere.clerk), plan=made, code=poor.code, priority=0, why="x")
    actions.give_seats(actor=actor(world.here.head), plan=made, seed="", at=LATER)
    assert set(Case.objects.filter(ends="granted")) == {near}
    with pytest.raises(actions.SeatedAlready):
        actions.judge_place(actor=clerk, plan=made, code=poor.code, priority=0, why="x")


def test_seats_wait_for_papers_that_were_asked_for_and_a_case_without_an_answer_is_ended(world: World) -> None:
    made = plan(world)
    near, silent = applies(world), applies(world)
    clerk, head = actor(world.here.clerk), actor(world.here.head)
    procedures.ask_supplement(actor=clerk, case=silent, wanted="Giấy xác nhận cư trú", at=NOON)
    with pytest.raises(actions.AnswersMissing, match=silent.code):
        actions.give_seats(actor=head, plan=made, seed="", at=LATER)
    assert not Case.objects.exclude(ends="").exists()

    slip = procedures.refuse_unanswered(actor=clerk, case=silent, reason="Không bổ sung giấy đã yêu cầu", at=LATER)

    ended = Case.objects.get(id=silent.id)
    assert (ended.ends, ended.reason, slip.kind) == ("refused", "Không bổ sung giấy đã yêu cầu", Slip.Kind.REFUSAL)
    assert ended.due_on is not None
    assert ended.finished_on is not None
    assert ended.finished_on <= ended.due_on
    assert actions.give_seats(actor=head, plan=made, seed="", at=LATER) == 1
    assert Case.objects.get(id=near.id).ends == "granted"


def test_only_the_head_gives_seats_and_nobody_one_by_one(world: World, client_of) -> None:
    made = plan(world)
    first, unfit = applies(world), applies(world)
    head = actor(world.here.head)
    with pytest.raises(Forbidden):
        actions.give_seats(actor=actor(world.here.clerk), plan=made, seed="", at=LATER)
    with scope.of(head), pytest.raises(SeatsTogether):
        procedures.do_step(actor=head, step=cases.open_step(first.id), given={"decision": "accept"}, at=NOON)
    assert not Case.objects.exclude(ends="").exists()

    refusal = {"decision": "refuse", "reason": "Đang học lớp 6 ở trường khác"}
    with scope.of(head):
        procedures.do_step(actor=head, step=cases.open_step(unfit.id), given=refusal, at=NOON)
        assert not cases.waiting_steps(head).exists()  # of many applications the desk is told once
        assert [page.address for page in cases.waiting_elsewhere(head)] == ["schools:office_admissions"]
    desk = client_of(world.here.head).get("/procedures/desk/").content.decode()
    assert 'href="/admissions/office/"' in desk
    assert "Hồ sơ tuyển sinh chờ xếp chỗ" in desk

    assert actions.give_seats(actor=head, plan=made, seed="", at=LATER) == 1


def test_who_got_a_seat_comes_into_a_class_with_what_the_family_wrote(world: World) -> None:
    made = plan(world, capacity=3, year="2026-2027")
    SchoolClass.objects.filter(school_year=world.here.year).update(grade=6)
    second = {"second_name": "Cù Văn Cha", "second_relation": "father", "second_phone": "0902"}
    for child in ("Cù Thị Út", "Cù Thị Ánh"):
        applies(world, child=child, filled=second)
    applies(world, child="Cù Thị Đào")
    head = actor(world.here.head)
    actions.give_seats(actor=head, plan=made, seed="", at=LATER)
    classes = [world.here.school_class]

    with scope.of(head):
        assert actions.place_admitted(actor=head, plan=made, classes=classes, on=date(2026, 11, 23)) == 3

    pupils = list(Person.objects.filter(full_name__startswith="Cù Thị").order_by("id"))
    assert [(each.full_name, each.sex, each.address) for each in pupils] == [
        ("Cù Thị Ánh", "2", "Ấp 3, Mỹ An"), ("Cù Thị Đào", "2", "Ấp 3, Mỹ An"), ("Cù Thị Út", "2", "Ấp 3, Mỹ An"),
    ]  # fmt: skip
    told = Guardianship.objects.filter(child__in=pupils).order_by("child_id", "relationship")
    assert list(told.values_list("child__full_name", "guardian__full_name", "relationship")) == [
        ("Cù Thị Ánh", "Cù Văn Cha", "father"), ("Cù Thị Ánh", "Mẹ", "mother"), ("Cù Thị Đào", "Mẹ", "mother"),
        ("Cù Thị Út", "Cù Văn Cha", "father"), ("Cù Thị Út", "Mẹ", "mother"),
    ]  # fmt: skip
    assert Person.objects.filter(full_name__in=["Mẹ", "Cù Văn Cha"]).count() == 2


@pytest.mark.parametrize("count", [2, 20])
def test_classes_are_filled_in_as_many_statements_for_twenty_as_for_two(world: World, count: int) -> None:
    made = plan(world, capacity=99, year="2026-2027")
    head, on = actor(world.here.head), date(2026, 11, 23)
    with scope.of(head):
        known = registry.record_person(
            actor=head, organisation=world.here.organisation, kind="pupil",
            details=PersonDetails(full_name="Lê Thị Quen"), on=on,
        )  # fmt: skip
    applies(world, who=head, channel=Case.Channel.DESK, subject=known)
    for number in range(count):
        applies(world, applicant=f"Mẹ {number}", filled={"second_name": "Cha", "second_phone": f"{number}"})
    actions.give_seats(actor=head, plan=made, seed="", at=LATER)

    with scope.of(head), CaptureQueriesContext(connection) as asked:
        placed = actions.place_admitted(actor=head, plan=made, classes=[world.here.school_class], on=on)

    assert (placed, len(asked)) == (count + 1, 53)
    came = Enrolment.objects.filter(id__in=AdmissionPlace.objects.values("enrolment"))
    assert came.filter(person=known, school_class=world.here.school_class, starts_on=on).exists()
    assert came.count() == count + 1
    assert Guardianship.objects.filter(valid_from=on).count() == 2 * count
