"""What the first class has done: lessons, and a test last week. Through the actions of the rooms."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from khue.assessment import actions as assessment
from khue.assessment.actions import Answer
from khue.assessment.models import Assignment
from khue.foundation import clock
from khue.identity import queries as identity
from khue.learning import actions as learning
from khue.learning.models import Lesson
from khue.schools import queries as schools

#: Of a class, how many did not take the test, and how many answers the middle pupil gets right;
#: how many questions the test has.
ABSENT = 0.07
MIDDLE = 0.7
QUESTIONS = 10
#: How likely a pupil is to have done one, two, three lessons.
DONE = (0.85, 0.6, 0.3)
#: The right choice of every question of the demonstration, of four.
KEY = 1


def do_lessons(lessons: Sequence[Lesson], chance: random.Random, at: datetime) -> None:
    """Most pupils of the class have done the first lesson, fewer the next, nobody the last."""
    members = schools.learners(lessons[0].class_subject, at.astimezone(clock.VIETNAM).date())
    accounts = identity.accounts_of([member.person_id for member in members])
    for member in members[1:]:  # the first is the pupil of the greeting, who has everything to do
        pupil = identity.actor_of(accounts[member.person_id], on=at.astimezone(clock.VIETNAM).date())
        done = sum(chance.random() < share for share in DONE)
        for lesson in lessons[:done]:
            learning.complete_lesson(actor=pupil, lesson=lesson, at=at)


def take_test(assignment: Assignment, chance: random.Random, at: datetime) -> None:
    """Every pupil of the class but a few starts, answers and hands in, one after the other from `at` on."""
    day = at.astimezone(clock.VIETNAM).date()
    members = schools.learners(assignment.class_subject, day)
    accounts = identity.accounts_of([member.person_id for member in members])
    for number, member in enumerate(members):
        if chance.random() >= ABSENT:
            begins = at + timedelta(seconds=20 * number)
            _take(assignment, accounts[member.person_id], chance, begins)


def _take(assignment: Assignment, account_id: int, chance: random.Random, at: datetime) -> None:
    pupil = identity.actor_of(account_id, on=at.astimezone(clock.VIETNAM).date())
    attempt = assessment.start_attempt(actor=pupil, assignment=assignment, at=at)
    level = min(0.98, max(0.2, chance.gauss(MIDDLE, 0.18)))
    answers = [Answer(place, str(_choice(level, chance)), place) for place in range(1, QUESTIONS + 1)]
    assessment.save_answers(actor=pupil, attempt=attempt, answers=answers, at=at + timedelta(minutes=8))
    assessment.submit_attempt(actor=pupil, attempt=attempt, at=at + timedelta(minutes=9))


def _choice(level: float, chance: random.Random) -> int:
    """The right choice as often as the level says, else one of the others."""
    return KEY if chance.random() < level else chance.choice([2, 3, 4])
