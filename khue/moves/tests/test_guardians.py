"""A court's bar moves with the child, with number and date of its decision, and with nobody else."""

import json

import pytest

from khue.exchange.models import Letter
from khue.foundation import clock, scope
from khue.foundation.errors import NotFound
from khue.foundation.models import AuditRow
from khue.messaging.models import Message
from khue.moves.models import Move
from khue.moves.tests.country import NUMBER, Country
from khue.moves.tests.test_moving import accepted, released
from khue.registry import queries as registry
from khue.registry.models import Guardianship, Organisation, Person
from tests import world as worlds

DECISION = "12/2026/QĐ-TA ngày 02/10/2026 của Toà án nhân dân khu vực 3 - Đồng Tháp"


def barred(provinces: Country) -> str:
    """A court bars the guardian of the child at the old school. The guardian's name."""
    with provinces.old.node.inside():
        row = Guardianship.objects.select_related("guardian").get(child_id=provinces.child.id)
        row.is_barred, row.court_decision = True, DECISION
        row.save()
        return row.guardian.full_name


def test_the_decision_arrives_with_the_bar_and_is_told_to_nobody_else(provinces: Country) -> None:
    name = barred(provinces)
    accepted(provinces)
    provinces.turns(1)
    released(provinces)
    provinces.old.turn()
    with provinces.ministry.inside():  # who carries it reads nothing of it
        assert all(b"12/2026" not in bytes(letter.content) for letter in Letter.objects.all())
        assert "12/2026" not in json.dumps([row.details for row in AuditRow.objects.all()], ensure_ascii=False)
    provinces.turns(2)

    new = provinces.new
    with new.node.inside():
        child = Person.objects.get(national_id=NUMBER)
        row = Guardianship.objects.select_related("guardian").get(child=child)
        assert (row.guardian.full_name, row.is_barred, row.court_decision) == (name, True, DECISION)
        assert row.organisation_id == new.school.organisation.id
        assert row.guardian_id not in registry.guardians_to_tell([child.id], clock.today())[child.id]
        assert not registry.wards_of(row.guardian_id)
        # No message repeats it; of the trail, only the row of the bar itself, which those read who may change it.
        said = [f"{text.subject} {text.body}" for text in Message.objects.all()]
        assert "12/2026" not in " ".join(said)
        rows = AuditRow.objects.filter(details__icontains="12/2026").values_list("verb", "organisation_id")
        assert set(rows) == {("guardian.barred", new.school.organisation.id)}
        department = Organisation.objects.get(id=new.school.organisation.parent_id)
        other = worlds.school("THCS Phú Hậu", department, worlds.maths_subject(), 1)
        teacher, head = worlds.actor(new.school.teacher), worlds.actor(other.head)
    with new.node.at():
        with scope.of(head):  # the school next door: the database shows neither the bar nor the move
            assert not Guardianship.objects.filter(id=row.id).exists()
            assert not Move.objects.exists()
            assert registry.court_decisions_of([child.id]) == {}
        with scope.of(teacher), pytest.raises(NotFound):  # of the same school, without the right
            registry.guardianship_of(teacher, row.id)


def test_a_bar_holds_for_a_guardian_whom_the_new_school_knew_from_an_earlier_time(provinces: Country) -> None:
    """The child was here before, and so is the guardian, with all rights: a court has barred that one since."""
    name = barred(provinces)
    new = provinces.new.school
    with provinces.new.node.inside():
        child = worlds.person(
            provinces.child.full_name, new.organisation, "pupil", birth_year=2015, birth_month=3, birth_day=2,
            national_id=NUMBER,
        )  # fmt: skip
        guardian = worlds.person(name, new.organisation, "guardian")
        other = worlds.person("Nguyễn Thị Bà", new.organisation, "guardian")
        for adult in (guardian, other):
            Guardianship.objects.create(
                organisation=new.organisation, child=child, guardian=adult, relationship="other",
                valid_from=worlds.YEAR_START,
            )  # fmt: skip
    accepted(provinces)
    provinces.turns(1)
    released(provinces)
    provinces.turns(2)

    with provinces.new.node.inside():
        rows = Guardianship.objects.filter(child=child).order_by("id")
        assert [(row.guardian_id, row.is_barred, row.court_decision) for row in rows] == [
            (guardian.id, True, DECISION), (other.id, False, ""),
        ]  # fmt: skip
