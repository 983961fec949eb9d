"""Marks follow a pupil who moves to another school of the node."""

from datetime import date

import pytest

from khue.foundation import events, scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.models import Mark, MarkBook, ReceivedMark, TermResult
from khue.registry.models import Person
from khue.schools.events import TransferReleased
from khue.schools.models import Enrolment
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db


def book_at(school: School) -> MarkBook:
    return actions.open_book(actor=actor(school.teacher), class_subject=school.maths, term=school.term)


def marked(school: School, texts: list[str]) -> MarkBook:
    book = book_at(school)
    cells = [
        TypedCell(column.id, school.enrolments[0].id, text)
        for column, text in zip(queries.columns_of(book), texts, strict=False)
        if text
    ]
    actions.record_marks(actor=actor(school.teacher), book=book, cells=cells, at=NOON)
    return book


def moved(world: World) -> Enrolment:
    """The first pupil here is in the class elsewhere from today on."""
    old = world.here.enrolments[0]
    Enrolment.objects.filter(id=old.id).update(ends_on=TODAY, status="transferred")
    Person.objects.filter(id=old.person_id).update(organisation=world.elsewhere.organisation)
    return Enrolment.objects.create(
        organisation=world.elsewhere.organisation, school_class=world.elsewhere.school_class, person=old.person,
        starts_on=TODAY,
    )  # fmt: skip


def told(world: World, made: Enrolment) -> None:
    events.publish(
        TransferReleased(
            organisation_id=world.elsewhere.organisation.id, left_organisation_id=world.here.organisation.id,
            person_id=made.person_id, left_enrolment_id=world.here.enrolments[0].id, enrolment_id=made.id, case_id=1,
            on=TODAY,
        )
    )  # fmt: skip
    events.deliver_now()


@pytest.fixture(autouse=True)
def _today(monkeypatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.today", lambda: TODAY)
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


def test_marks_stand_in_the_new_book_and_say_where_from(world: World) -> None:
    marked(world.here, ["8", "8,5", "", "", "7"])
    made = moved(world)

    told(world, made)

    received = ReceivedMark.objects.filter(enrolment=made).order_by("id")
    assert sorted(received.values_list("typed", flat=True)) == ["7", "8", "8,5"]
    assert set(received.values_list("origin", flat=True)) == {world.here.organisation.name}
    assert set(received.values_list("organisation_id", flat=True)) == {world.elsewhere.organisation.id}
    # (8 + 8,5 + 2 x 7) / 4
    assert TermResult.objects.get(enrolment=made).mean_tenths == 76
    assert Mark.objects.filter(enrolment=world.here.enrolments[0]).count() == 3, (
        "nothing is taken away at the old school"
    )


def test_brought_twice_they_stand_once_and_what_the_new_teacher_wrote_stays(world: World) -> None:
    marked(world.here, ["8", "9"])
    made = moved(world)
    new = book_at(world.elsewhere)
    first = queries.columns_of(new)[0]
    actions.record_marks(
        actor=actor(world.elsewhere.teacher), book=new, cells=[TypedCell(first.id, made.id, "5")], at=NOON
    )

    told(world, made)
    told(world, made)

    tenths = Mark.objects.filter(enrolment=made).order_by("column__position").values_list("tenths", flat=True)
    assert list(tenths) == [50, 90]
    row = AuditRow.objects.filter(verb="marks.carried_over").order_by("id")[0]
    assert (row.details["marks"], row.details["left_out"]) == (1, [[world.subject.id, 1, 1]])


def test_a_locked_book_stays_as_it_is_and_the_trail_says_so(world: World) -> None:
    marked(world.here, ["8"])
    made = moved(world)
    MarkBook.objects.filter(id=book_at(world.elsewhere).id).update(locked_at=NOON)

    told(world, made)

    assert not Mark.objects.filter(enrolment=made).exists()
    row = AuditRow.objects.get(verb="marks.carried_over")
    assert (row.details["marks"], row.details["left_out"]) == (0, [[world.subject.id, 1, 1]])


def test_nobody_reads_another_schools_marks_by_bringing_them(world: World) -> None:
    marked(world.here, ["8"])
    made = moved(world)

    for who in (world.elsewhere.head, world.elsewhere.teacher):
        with scope.of(actor(who)), pytest.raises(Forbidden):
            actions.carry_marks_over(
                actor=actor(who), enrolment=made, left_enrolment_id=world.here.enrolments[0].id,
                left_organisation_id=world.here.organisation.id, at=NOON,
            )  # fmt: skip

    assert not Mark.objects.filter(enrolment=made).exists()
    assert made.starts_on == date(2026, 11, 23)
