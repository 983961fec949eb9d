from datetime import timedelta
from decimal import Decimal

import pytest

from khue.activity import actions, queries
from khue.activity.actions import Told, Verb
from khue.activity.models import ActiveDay, Statement
from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.ids import uuid7
from tests.world import NOON, TODAY, World, actor

LESSON = uuid7()


def told(world: World, pupil: int = 0, **more: object) -> Told:
    values: dict[str, object] = {
        "statement_id": uuid7(),
        "person_id": world.here.pupils[pupil].person_id,
        "organisation_id": world.here.organisation.id,
        "verb": Verb.COMPLETED,
        "object_kind": "lesson",
        "object_id": LESSON,
        "object_name": "Phân số",
        "happened_at": NOON,
    }
    return Told(**{**values, **more})


def test_a_statement_told_twice_is_one(world: World) -> None:
    statement = told(world, score_ratio=Decimal("0.85"))
    me = actor(world.here.pupils[0])

    assert actions.tell(actor=me, statements=[statement], at=NOON) == 1
    assert actions.tell(actor=me, statements=[statement, told(world)], at=NOON) == 1

    assert Statement.objects.count() == 2
    assert ActiveDay.objects.count() == 1
    assert queries.done_objects(me.person_id, [LESSON, uuid7()]) == {LESSON}


def test_nobody_tells_about_somebody_else_but_the_system(world: World) -> None:
    with pytest.raises(Forbidden):
        actions.tell(actor=actor(world.here.pupils[1]), statements=[told(world)], at=NOON)
    assert not Statement.objects.exists()

    assert actions.tell(actor=SYSTEM, statements=[told(world), told(world, pupil=1)], at=NOON) == 2


def test_an_act_belongs_to_its_day_in_vietnam(world: World) -> None:
    late = NOON.replace(hour=17, minute=30)  # half past midnight in Vietnam

    actions.tell(actor=SYSTEM, statements=[told(world, happened_at=late)], at=late)

    assert ActiveDay.objects.get().day == TODAY + timedelta(days=1)


def test_active_people_are_counted_once_however_often_they_learn(world: World) -> None:
    acts = [told(world), told(world), told(world, pupil=1, happened_at=NOON - timedelta(days=2))]
    actions.tell(actor=SYSTEM, statements=acts, at=NOON)
    school = [world.here.organisation.id]

    assert queries.active_persons(school, TODAY, TODAY).count() == 1
    assert queries.active_persons(school, TODAY - timedelta(days=7), TODAY).count() == 2


def test_statements_of_another_school_do_not_exist(world: World) -> None:
    actions.tell(actor=SYSTEM, statements=[told(world)], at=NOON)

    with scope.of(actor(world.elsewhere.head)):
        assert not Statement.objects.exists()
        assert not ActiveDay.objects.exists()
