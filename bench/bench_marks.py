"""Two hundred teachers save a column of 45 marks at the same moment, over real HTTP through the whole node.

Each has a class and a book of their own and keeps saving: a column that was empty, then other marks over those, as the
grid sends them with what it showed before. Every answer is read: all 45 shown, none refused, no conflict.

marks.save.cost    processor time of all processes of the node a save, with what the worker does meanwhile
marks.save.rate    saves a second beside pgbench's, which only upserts the same 45 rows in one statement
marks.NAME.cost    the pages around the grid, for a class of the demonstration
marks.save.p50     milliseconds until acknowledged while all two hundred wait for each other; p99 likewise
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from bench import crowd, node, pgbench, visitor
from bench.crowd import Line
from bench.names import name_of
from bench.node import Node
from bench.row import Row, against, at_most, noted
from bench.visitor import Visitor
from khue.foundation.postgres import addresses

NAME = "Trường ghi điểm"
#: As the demonstration prints it at every start.
PASSWORD = "KhueDemo2026"
PUBLIC_ID = "[0-9a-f-]{36}"
TEACHERS = 200
PUPILS = 45
#: What each teacher saves: columns of the book by place. The last two write over the first two.
SAVES = (0, 1, 0, 1)
SECONDS = 4.0


@dataclass(frozen=True)
class Teacher:
    """One of the two hundred: a session, and the book with its columns and pupils."""

    session: str
    book: UUID
    columns: Sequence[int]
    pupils: Sequence[int]


def rows() -> Iterator[Row]:
    """What a save costs, and how long it takes when everybody saves at once."""
    with node.serving() as at:
        visitor.work_on_its_database()
        teachers = _teachers()
        visitor.leave_its_database()
        _all_save(at, teachers, (2,))  # connections, prepared statements
        before, database, begun = at.processes.seconds(), at.database.seconds(), time.monotonic()
        took = _all_save(at, teachers, SAVES)
        seconds = time.monotonic() - begun
        cost = (at.processes.seconds() - before) * 1000 / len(took)
        yield at_most("marks.save.cost", cost, "processor ms, 45 marks", 40)
        yield noted("marks.save.database", (at.database.seconds() - database) * 1000 / len(took), "processor ms of it")
        yield from crowd.waits("marks.save", took, TEACHERS)
        yield from _beside(len(took) / seconds, teachers)
        node.rest(at)
        yield from _pages(at)


def _beside(rate: float, teachers: Sequence[Teacher]) -> Iterator[Row]:
    unit = f"saves of 45 marks/s, {TEACHERS} teachers"
    if not pgbench.available():
        print("NO RATIO: there is no pgbench beside these PostgreSQL programs; install postgresql-contrib.")
        yield noted("marks.save.rate", rate, unit)
        return
    script, organisation, address = _script(teachers)
    upserts = pgbench.rate(script, address, clients=16, seconds=SECONDS, scope=organisation)
    yield against(
        "marks.save.rate", rate, unit, baseline="pgbench upsert of 45 rows, 16 clients", baseline_value=upserts
    )


def _pages(at: Node) -> Iterator[Row]:
    """What the pages around marks cost in the demonstration's classes."""
    teacher = Visitor(at).sign_in("gv1.1", PASSWORD)
    book = teacher.first_link("/marks/", f"/marks/books/{PUBLIC_ID}/")
    for name in ("spread", "make-ups", "remarks", "received", "bring"):
        yield from visitor.page(f"marks.{name}", teacher, f"{book}{name}/")
    head = Visitor(at).sign_in("hieutruong1", PASSWORD)
    yield from visitor.page("marks.sheet", head, head.first_link("/marks/classes/", f"/marks/classes/{PUBLIC_ID}/"))
    yield from visitor.page("marks.levels", head, "/marks/levels/")
    yield from visitor.page("marks.missing", head, "/marks/missing/")


def _all_save(at: Node, teachers: Sequence[Teacher], places: Sequence[int]) -> list[float]:
    """Milliseconds of every save; everybody begins at the same moment."""
    return crowd.at_once(at.address, teachers, partial(_saves, places))


async def _saves(places: Sequence[int], teacher: Teacher, line: Line) -> None:
    shown: dict[int, list[str]] = {}
    for turn, place in enumerate(places):
        before = shown.get(place)
        texts = [f"{(turn + pupil) % 10},5" for pupil in range(len(teacher.pupils))]
        cells = [
            [teacher.columns[place], pupil, text, *([before[n]] if before else [])]
            for n, (pupil, text) in enumerate(zip(teacher.pupils, texts, strict=True))
        ]
        body = json.dumps({"cells": cells}).encode()
        answer = await line.post(f"/marks/books/{teacher.book}/cells", body, crowd.JSON)
        said = answer.said
        if answer.status != 200 or len(said["shown"]) != len(cells) or said["conflicts"] or said["refused"]:
            raise RuntimeError(f"a save went wrong: {answer.status} {json.dumps(said)[:300]}")
        shown[place] = texts


def _teachers() -> list[Teacher]:
    """The two hundred, made where the node has none yet."""
    from bench import demonstration  # its models need Django set up
    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.gradebook import queries
    from khue.gradebook.models import Mark, MarkBook
    from khue.identity.models import Account
    from khue.registry.models import Organisation

    with scope.of(SYSTEM):
        if not Organisation.objects.filter(name=NAME).exists():
            _make()
        books = MarkBook.objects.filter(organisation__name=NAME).select_related("class_subject", "term").order_by("id")
        made = []
        for number, book in enumerate(books):
            columns = [column.id for column in queries.columns_of(book)]
            cells = Mark.objects.filter(school_year=book.school_year, column_id__in=columns)
            with demonstration.connections["owner"].cursor() as cursor:  # as empty as on the first day
                cursor.execute("DELETE FROM gradebook_mark WHERE column_id = ANY(%s)", [columns])
            assert not cells.exists()
            account = Account.objects.get(user_name=f"ghidiem{number}")
            pupils = list(queries.learners_of(book))
            made.append(Teacher(demonstration.session_of(account), book.public_id, columns, pupils))
        return made


def _make() -> None:
    from bench.demonstration import Organisation as Place
    from khue.gradebook import actions
    from khue.schools.models import ClassSubject, Enrolment, SchoolClass, TeachingAssignment
    from tests.world import YEAR_START, account, actor, maths_subject, person, school, staff

    department = Place.objects.filter(kind="department").order_by("id")[0]
    made = school(NAME, department, maths_subject(), 0)
    at = {"organisation": made.organisation}
    for number in range(TEACHERS):
        teacher = staff(name_of(number), made.organisation, "teacher")
        school_class = SchoolClass.objects.create(**at, school_year=made.year, grade=6, name=f"6.{number}")
        taught = ClassSubject.objects.create(
            **at, school_class=school_class, subject=made.maths.subject, weekly_periods_term_1=4,
            weekly_periods_term_2=4,
        )  # fmt: skip
        TeachingAssignment.objects.create(**at, class_subject=taught, staff=teacher, starts_on=YEAR_START)
        signed_in = account(teacher.person, "subject_teacher", made.organisation, f"ghidiem{number}")
        for pupil in range(PUPILS):
            learner = person(name_of(number * PUPILS + pupil), made.organisation, "pupil")
            Enrolment.objects.create(**at, person=learner, school_class=school_class, starts_on=date(2026, 9, 7))
        actions.open_book(actor=actor(signed_in), class_subject=taught, term=made.term)


def _script(teachers: Sequence[Teacher]) -> tuple[str, str, str]:
    """The upsert of a column of one class as pgbench does it, the school, and the database's address."""
    from django.conf import settings

    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.registry.models import Organisation

    with scope.of(SYSTEM):
        organisation = Organisation.objects.get(name=NAME).id
    place = settings.DATABASES["default"]
    first = min(min(teacher.pupils) for teacher in teachers)  # every class's pupils follow each other
    script = f"""
\\set pupil {first} + {PUPILS} * random(0, {TEACHERS - 1})
INSERT INTO gradebook_mark (school_year, organisation_id, column_id, enrolment_id, tenths, passed, is_exempt,
                            recorded_at)
SELECT 2026, {organisation}, {teachers[0].columns[3]}, e, 85, NULL, false, now()
  FROM generate_series(:pupil::bigint, :pupil + {PUPILS - 1}) AS e
ON CONFLICT (school_year, column_id, enrolment_id) DO UPDATE
   SET tenths = excluded.tenths, recorded_at = excluded.recorded_at;
"""
    address = addresses.url_of(place)
    visitor.leave_its_database()
    return script, str(organisation), address
