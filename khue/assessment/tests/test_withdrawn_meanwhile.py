"""A pupil begins in the very instant in which the teacher withdraws the test: one of the two is told so, in words."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from khue.assessment import actions
from khue.assessment.models import Assignment, Attempt
from khue.assessment.tests.builders import set_test
from khue.foundation import clock, scope
from khue.identity import actions as identity
from khue.identity.models import Account
from tests.world import World, actor, world


@pytest.fixture
def committed(committed_db: str) -> tuple[World, Assignment]:
    made = world()
    return made, set_test(made.here, opens_at=clock.now() - timedelta(minutes=5)).assignment


def signed_in(account: Account) -> Client:
    client = Client()
    client.cookies["khue_session"] = identity.open_session(
        account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
    )
    return client


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it stays as it was first seen
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] == 1


def until_waiting(answers: list) -> None:
    for _try in range(200):
        if waits_for_a_lock():
            return
        assert not answers, answers[0]
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def beside(ask) -> tuple[threading.Thread, list]:
    """Do it in a thread with a connection of its own."""
    answers = []

    def run() -> None:
        try:
            answers.append(ask())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def test_who_begins_while_the_test_is_withdrawn_reads_that_it_was(committed: tuple[World, Assignment]) -> None:
    made, assignment = committed
    pupil, teacher = signed_in(made.here.pupils[0]), actor(made.here.teacher)

    with scope.of(teacher):
        actions.withdraw_assignment(actor=teacher, assignment=assignment)
        thread, answers = beside(lambda: pupil.post(f"/do/{assignment.public_id}/"))
        until_waiting(answers)
    thread.join(20)

    assert answers[0].status_code == 422
    assert "Thầy/Cô vừa rút bài này lại" in answers[0].content.decode()
    assert not Attempt.objects.exists()
    assert pupil.post(f"/do/{assignment.public_id}/").status_code == 404


def test_who_withdraws_while_a_pupil_begins_reads_that_it_has_begun(committed: tuple[World, Assignment]) -> None:
    made, assignment = committed
    teacher, pupil = signed_in(made.here.teacher), actor(made.here.pupils[0])

    with scope.of(pupil), transaction.atomic():
        actions.start_attempt(actor=pupil, assignment=assignment, at=clock.now())
        thread, answers = beside(lambda: teacher.post(f"/assignments/{assignment.public_id}/withdraw/"))
        until_waiting(answers)
    thread.join(20)

    assert answers[0].status_code == 422
    assert "Đã có em vào làm bài này" in answers[0].content.decode()
    assert Attempt.objects.filter(assignment=assignment).count() == 1
