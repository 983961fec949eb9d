"""A school's year is worked out while its worker is killed in the middle: in the end as if nobody had killed it."""

import os
from contextlib import suppress

import pytest

from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.tests.test_years import JUNE, class_with_subjects, conduct, results
from tests.world import NOON, School, actor, world

pytestmark = pytest.mark.resilience
PUPILS = 40
KILLS = 3
SUBJECTS = """
    SELECT enrolment_id, class_subject_id, is_scored, is_exempt, term_1, term_2, year, reassessed
    FROM gradebook_subjectyear ORDER BY 1, 2
"""
YEARS = """
    SELECT enrolment_id, study_term_1, study_term_2, study, unadjusted, is_ambiguous, conduct, sessions_absent,
           outcome, award, missing_term_1, missing_term_2 FROM gradebook_pupilyear ORDER BY 1
"""


def school_with_marks(node: Node) -> School:  # noqa: F811  the fixture
    """A class of pupils with results of both terms, and a mark of each that has just been entered."""
    with scope.of_organisation(None):
        here = world(pupils=PUPILS).here
        class_with_subjects(here)
        for number, pupil in enumerate(here.enrolments):
            results(here, pupil, [35 + (number * 7 + place * 11) % 66 for place in range(8)], passed=number % 5 > 0)
            conduct(here, pupil, absent=number)
        book = queries.visible_books(actor(here.teacher)).get(class_subject=here.maths, term=here.term)
        column = actions.add_regular_column(actor=actor(here.teacher), book=book, title="Bài 15 phút")
        cells = [TypedCell(column.id, pupil.id, str(number % 11)) for number, pupil in enumerate(here.enrolments)]
        actions.record_marks(actor=actor(here.teacher), book=book, cells=cells, at=NOON)
    return here


def killed_half_way(node: Node) -> None:  # noqa: F811  the fixture
    """Start a worker and kill it when half of the year is written."""
    process = node.start("tests.resilience.slow_year")
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    with suppress(ProcessLookupError):
        os.kill(process.pid, 9)
    process.wait()


def test_a_year_worked_out_by_a_worker_that_is_killed_ends_as_if_it_were_not(node: Node) -> None:  # noqa: F811
    here = school_with_marks(node)

    for _ in range(KILLS):
        killed_half_way(node)
        assert node.as_owner(SUBJECTS) == [], "half a year was left behind"
        assert node.as_owner(YEARS) == []

    node.start("tests.resilience.slow_year")
    undelivered = "SELECT count(*) FROM foundation_outboxevent WHERE delivered_at IS NULL"
    wait_until(lambda: node.as_owner(undelivered) == [(0,)], seconds=90)

    found = node.as_owner(SUBJECTS), node.as_owner(YEARS)
    assert len(found[1]) == PUPILS
    with scope.of_organisation(None):
        actions.recompute_years(actor=actor(here.head), school_year=here.year, at=JUNE)
    assert (node.as_owner(SUBJECTS), node.as_owner(YEARS)) == found
