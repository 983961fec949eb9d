"""Looking beyond one's own scope inside an action: one statement there and one back, whatever happens within."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khue.foundation import scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.scope import _current
from khue.registry.models import Person
from tests.world import World, actor

pytestmark = pytest.mark.django_db


class No(Refusal):
    code = "no"
    message = "no"


def seen() -> set[int]:
    return set(Person.objects.values_list("organisation_id", flat=True))


def test_the_wider_scope_sees_more_and_is_given_back(world: World) -> None:
    who = actor(world.here.clerk)
    with scope.of(who):
        before, own = _current(), seen()
        assert world.elsewhere.organisation.id not in own

        with CaptureQueriesContext(connection) as asked, scope.widened(who, [world.elsewhere.organisation.id]):
            pass
        with scope.widened(who, [world.elsewhere.organisation.id]):
            assert seen() == own | {world.elsewhere.organisation.id}

        assert (_current(), seen(), len(asked)) == (before, own, 2)


def refuse_within(who: Actor, error: type[Exception]) -> None:
    with scope.widened(who):
        raise error


@pytest.mark.parametrize("error", [No, Forbidden, NotFound])
def test_an_answer_that_says_no_gives_the_outer_scope_back(world: World, error: type[Exception]) -> None:
    who = actor(world.here.clerk)
    with scope.of(who):
        before = _current()

        with pytest.raises(error):
            refuse_within(who, error)

        assert _current() == before


def test_what_breaks_the_transaction_takes_the_scope_with_it(world: World) -> None:
    who = actor(world.here.clerk)
    with scope.of(who):
        before = _current()

        with pytest.raises(DatabaseError), transaction.atomic(), scope.widened(who), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

        assert _current() == before
