"""Two hundred teachers save a column of 45 marks at the same moment, over real HTTP through the whole node.

Each has a class and a book of their own and keeps saving: a column that was empty, then other marks over those, as the
grid sends them with what it showed before. Every answer is read: all 45 shown, none refused, no conflict.

marks.save.cost    processor time of all processes of the node a save, with what the worker does meanwhile
marks.save.rate    saves a second beside pgbench's, which only upserts the same 45 rows in one statement
marks.NAME.cost    the pages around the grid, for a class of the demonstration
marks.save.p50     milliseconds until acknowledged while all two hundred wait for each other; p99 likewise
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bench import node, pgbench, visitor
from bench.names import name_of
from bench.node import Node
from bench.row import Row, against, at_most, noted
from bench.visitor import Visitor

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
        asyncio.run(_all_save(at, teachers, (2,)))  # connections, prepared statements
        before, database, begun = at.processes.seconds(), at.database.seconds(), time.monotonic()
        took = sorted(asyncio.run(_all_save(at, teachers, SAVES)))
        seconds = time.monotonic() - begun
        cost = (at.processes.seconds() - before) * 1000 / len(took)
        yield at_most("marks.save.cost", cost, "processor ms, 45 marks", 40)
        yield noted("marks.save.database", (at.database.seconds() - database) * 1000 / len(took), "processor ms of it")
        yield noted("marks.save.p50", took[len(took) // 2], f"ms until acknowledged, {TEACHERS} at once")
        yield noted("marks.save.p99", took[len(took) * 99 // 100], f"ms until acknowledged, {TEACHERS} at once")
        yield from _beside(len(took) / seconds, teachers)
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
        yield from _page(f"marks.{name}", teacher, f"{book}{name}/")
    head = Visitor(at).sign_in("hieutruong1", PASSWORD)
    yield from _page("marks.sheet", head, head.first_link("/marks/classes/", f"/marks/classes/{PUBLIC_ID}/"))
    yield from _page("marks.levels", head, "/marks/levels/")
    yield from _page("marks.missing", head, "/marks/missing/")


def _page(name: str, who: Visitor, path: str) -> Iterator[Row]:
    measured = who.measure(path)
    yield at_most(f"{name}.cost", measured.cost, "processor ms", 10)
    yield at_most(f"{name}.queries", measured.queries, "queries", 15)


async def _all_save(at: Node, teachers: Sequence[Teacher], places: Sequence[int]) -> list[float]:
    """Milliseconds of every save; everybody begins at the same moment."""
    ready = asyncio.Barrier(len(teachers))
    each = await asyncio.gather(*(_saves(at.address, teacher, places, ready) for teacher in teachers))
    return [milliseconds for of_one in each for milliseconds in of_one]


async def _saves(address: str, teacher: Teacher, places: Sequence[int], ready: asyncio.Barrier) -> list[float]:
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    await ready.wait()
    took: list[float] = []
    shown: dict[int, list[str]] = {}
    for turn, place in enumerate(places):
        before = shown.get(place)
        texts = [f"{(turn + pupil) % 10},5" for pupil in range(len(teacher.pupils))]
        cells = [
            [teacher.columns[place], pupil, text, *([before[n]] if before else [])]
            for n, (pupil, text) in enumerate(zip(teacher.pupils, texts, strict=True))
        ]
        begun = time.perf_counter()
        writer.write(_post(address, teacher, json.dumps({"cells": cells}).encode()))
        answer = await _answer(reader)
        took.append((time.perf_counter() - begun) * 1e3)
        if len(answer["shown"]) != len(cells) or answer["conflicts"] or answer["refused"]:
            raise RuntimeError(f"a save went wrong: {json.dumps(answer)[:300]}")
        shown[place] = texts
    writer.close()
    return took


def _post(address: str, teacher: Teacher, body: bytes) -> bytes:
    token = "bench" * 6 + "be"
    head = (
        f"POST /marks/books/{teacher.book}/cells HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
        f"Cookie: khue_session={teacher.session}; khue_csrf={token}\r\nX-CSRFToken: {token}\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> dict[str, list[object]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(int(line.partition(":")[2]) for line in head.splitlines() if line.startswith("content-length:"))
    body = await reader.readexactly(length)
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(f"{head.splitlines()[0]}: {body[:200]!r}")
    found: dict[str, list[object]] = json.loads(body)
    return found


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
    address = f"postgresql://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    visitor.leave_its_database()
    return script, str(organisation), address
