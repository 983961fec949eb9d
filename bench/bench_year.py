"""Working out a school's year: 2,143 pupils in 53 classes, twelve subjects each, both terms.

year.school        everybody: read, worked out, stored; processor time of the program and the database together
year.school.wall   the same by the clock, for the record
year.pupil         one pupil after one changed mark
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection

from bench import database  # sets Django up, for what is imported after it
from bench.names import name_of
from bench.processes import Group
from bench.row import Row, at_most, noted
from khue.curriculum.models import SubjectGrade
from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from khue.foundation.text import name_sort_key
from khue.gradebook import actions
from khue.gradebook.models import MarkBook, PupilYear, TermConduct, TermResult
from khue.registry.models import Person
from khue.schools.models import ClassSubject, Enrolment, SchoolClass
from tests.world import NOON, School, world

PUPILS = 2_143
CLASSES = 53
ONCE = 50


def rows() -> Iterator[Row]:
    """What the whole school and one pupil cost."""
    with database.fresh("khue_bench_year"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        here = world(pupils=0).here
        _fill(here)
        with database.owner() as owner:
            owner.execute("ANALYZE")  # as autovacuum does on a node that lives longer than a minute
        _measured(lambda: _school(here))  # the first time stores new rows; a year is worked out many times
        wall, seconds = _measured(lambda: _school(here))
        yield at_most("year.school", seconds * 1000, "ms", 2000)
        yield noted("year.school.wall", wall * 1000, "ms")
        pupil = PupilYear.objects.values_list("enrolment_id", flat=True)[1000]
        wall, seconds = _measured(lambda: [_pupil(here, pupil) for _ in range(ONCE)])
        yield at_most("year.pupil", seconds / ONCE * 1000, "ms", 20)
        yield noted("year.pupil.wall", wall / ONCE * 1000, "ms")


def _school(here: School) -> None:
    with scope.of(SYSTEM):
        number = actions.recompute_years(actor=SYSTEM, school_year=here.year, at=NOON)
    if number != PUPILS or PupilYear.objects.exclude(study=None).count() != PUPILS:
        raise RuntimeError(f"{number} years were worked out, or not completely")


def _pupil(here: School, enrolment: int) -> None:
    with scope.of(SYSTEM):
        actions.recompute_years(actor=SYSTEM, school_year=here.year, enrolment_ids=[enrolment], at=NOON)


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin, clock = processes.seconds(), time.monotonic()
    work()
    return time.monotonic() - clock, processes.seconds() - begin


def _fill(here: School) -> None:
    """Classes of grades 6 to 9 with all subjects of the programme, their pupils, and results of both terms."""
    school = {"organisation": here.organisation}
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(**school, school_year=here.year, grade=6 + n % 4, name=f"{6 + n % 4}.{n}") for n in range(CLASSES)
    )
    plans = SubjectGrade.objects.filter(grade__in=range(6, 10), block="compulsory", mode__in=["score", "comment"])
    by_grade = {grade: [plan for plan in plans if plan.grade == grade] for grade in range(6, 10)}
    subjects = ClassSubject.objects.bulk_create(
        ClassSubject(
            **school, school_class=one, subject_id=plan.subject_id, weekly_periods_term_1=2, weekly_periods_term_2=2
        )
        for one in classes
        for plan in by_grade[one.grade]
    )
    people = Person.objects.bulk_create(
        Person(**school, full_name=name_of(n), sort_key=name_sort_key(name_of(n))) for n in range(PUPILS)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(**school, person=person, school_class=classes[n % CLASSES], starts_on=date(2026, 9, 7))
        for n, person in enumerate(people)
    )
    scored = {plan.subject_id for plan in plans if plan.mode == "score"}
    books = MarkBook.objects.bulk_create(
        MarkBook(
            **school, class_subject=subject, term=term, rule_set="TT22-2021", school_year=2026,
            is_scored=subject.subject_id in scored,
        )
        for subject in subjects
        for term in (here.term, here.term_2)
    )  # fmt: skip
    by_class: dict[int, list[MarkBook]] = {}
    for book in books:
        by_class.setdefault(book.class_subject.school_class_id, []).append(book)
    TermResult.objects.bulk_create(
        (
            TermResult(
                **school, book=book, enrolment=enrolment,
                mean_tenths=40 + (n * 7 + place * 11) % 60 if book.is_scored else None,
                passed=None if book.is_scored else True,
            )
            for n, enrolment in enumerate(enrolments)
            for place, book in enumerate(by_class[enrolment.school_class_id])
        ),
        batch_size=5000,
    )  # fmt: skip
    TermConduct.objects.bulk_create(
        TermConduct(**school, enrolment=enrolment, term=term, level=3, sessions_absent=0, recorded_at=NOON)
        for enrolment in enrolments
        for term in (here.term, here.term_2)
    )
