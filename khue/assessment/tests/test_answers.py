"""Answers on their way in, whatever order they take: what was acknowledged is never lost or put back."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.assessment import actions
from khue.assessment.answers import SAVE, SentAnswer, parameters
from khue.assessment.models import Response
from khue.assessment.tests.builders import set_test
from tests.world import NOON, World, actor

#: What the browser does: at each step one question gets an answer; each request carries everything unacknowledged.
CHANGES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "1", "2", "3", "4"])), min_size=1, max_size=12)


@pytest.fixture
def attempt(world: World):
    made = set_test(world.here)
    return actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=made.assignment, at=NOON)


def save(attempt, batch: list[tuple[int, str, int]]) -> list[tuple[int, int, bool]]:
    rows = [SentAnswer(attempt.id, attempt.organisation_id, place, text, seq, NOON) for place, text, seq in batch]
    with connection.cursor() as cursor:
        cursor.execute(SAVE, parameters(rows))
        return cursor.fetchall()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, data=st.data())
def test_the_last_answer_of_each_question_wins_in_any_order_of_arrival(attempt, changes, data):
    Response.objects.all().delete()
    numbered = [(place, text, sequence) for sequence, (place, text) in enumerate(changes, 1)]
    # Requests repeat, overtake each other and come in one statement or several.
    arriving = data.draw(st.permutations(numbered + data.draw(st.lists(st.sampled_from(numbered), max_size=6))))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(arriving)), max_size=5)))
    for begin, end in zip([0, *cuts], [*cuts, len(arriving)], strict=True):
        batch = arriving[begin:end]
        acknowledged = save(attempt, batch) if batch else []
        assert {place for _attempt, place, _late in acknowledged} == {place for place, _text, _seq in batch}

    kept = dict(Response.objects.values_list("sequence", "answer"))
    last = {place: (sequence, text) for place, text, sequence in numbered}
    assert kept == dict(last.values())


def test_saving_a_batch_is_one_statement_for_any_number_of_pupils(attempt, django_assert_num_queries):
    with django_assert_num_queries(1):
        save(attempt, [(1, "1", 1), (2, "2", 2), (3, "3", 3)])
