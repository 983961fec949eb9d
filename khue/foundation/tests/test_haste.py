"""A chore that something happened for is done at the clock's next turn."""

from khue.foundation import haste
from khue.foundation.worker import Duty


def test_a_duty_that_is_wanted_is_done_before_its_time_and_once() -> None:
    done: list[int] = []
    duty = Duty("tests.listing", 900, lambda: done.append(1))
    duty.perform_if_due(1000.0)
    haste.soon("tests.listing")
    haste.soon("tests.listing")
    haste.soon("tests.another")
    duty.perform_if_due(1001.0)
    duty.perform_if_due(1002.0)

    assert len(done) == 2
    assert duty.due_at == 1901.0
    assert haste.taken("tests.another")


def test_a_wish_that_came_when_it_was_due_anyway_is_fulfilled_by_that() -> None:
    done: list[int] = []
    duty = Duty("tests.listing", 900, lambda: done.append(1))
    haste.soon("tests.listing")
    duty.perform_if_due(0.0)
    duty.perform_if_due(1.0)

    assert len(done) == 1
