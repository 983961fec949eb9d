"""Two thousand rolls of 45 pupils by two hundred teachers at once, over real HTTP, until every family has its e-mail.

Each teacher sends ten, one after the other, as roll.js does: all fields of the form, a key, what was seen before, and
when it was taken. In each roll five are not there, other ones each time; two of them without a reason, so that each
roll has two families told by a real mail server. Every tenth roll is sent twice and taken once. Every answer is read.

rolls.cost     processor time of all processes of the node a roll: taking it, telling the families, handing over mail
rolls.rate     rolls a second until acknowledged beside pgbench's, which only inserts the same rows in one statement
rolls.seconds  from the first request until the last family's e-mail has arrived
rolls.p50      milliseconds until acknowledged while all two hundred wait for each other; p99 likewise
rolls.NAME     pages around rolls at a school of forty classes
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench import crowd, node, pgbench, visitor
from bench.crowd import Line
from bench.names import DOMAIN
from bench.node import Node
from bench.row import Row, against, at_most, noted
from bench.visitor import Visitor
from khue.foundation.postgres import addresses
from khue.foundation.tests.processes import free_port

#: Five of 45 are not there, by their place after the lesson's first: two without a reason, one with, two late.
NOT_THERE = ("K", "K", "P", "M", "M")
TWICE = 10
LONGEST = 300
#: A relay of a school takes more than the 600 of a free mailbox, which is what a node keeps to unless told.
MAIL_PER_MINUTE = "6000"
SECONDS = 4.0


class Mailbox:
    """A real SMTP server that counts what it takes for the families of these schools."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.addresses += [address for address in envelope.rcpt_tos if address.endswith(DOMAIN)]
        return "250 taken"


def rows() -> Iterator[Row]:
    """What two thousand rolls cost, how long they take with all that follows, and what the pages beside them cost."""
    with _mail_server() as (mailbox, smtp), node.serving(KHUE_SMTP=smtp, KHUE_MAIL_PER_MINUTE=MAIL_PER_MINUTE) as at:
        visitor.work_on_its_database()
        from bench import taught_today  # its models need Django set up

        taught_today.forget_mail()
        taught = taught_today.taught_today()
        visitor.leave_its_database()
        node.rest(at)
        before, database, begun = at.processes.seconds(), at.database.seconds(), time.monotonic()
        took = crowd.at_once(at.address, taught.teachers, _rolls)
        acknowledged = time.monotonic() - begun
        count = sum(len(teacher.slots) for teacher in taught.teachers)
        told = 2 * count
        _wait_for(mailbox, told, begun + 2 * LONGEST)
        seconds = time.monotonic() - begun
        cost = (at.processes.seconds() - before) * 1000 / count
        part = (at.database.seconds() - database) * 1000 / count
        yield at_most("rolls.cost", cost, "processor ms a roll of 45, families told", 120)
        yield noted("rolls.database", part, "processor ms of it")
        yield at_most("rolls.seconds", seconds, f"s for {count} rolls, {told} families told by e-mail", LONGEST)
        yield from crowd.waits("rolls", took, len(taught.teachers))
        _prove(taught, count, told)
        _prove_nobody_hears_twice(mailbox, told)
        yield from _beside(count / acknowledged, taught)
        yield from _pages(at, taught)


@contextmanager
def _mail_server() -> Iterator[tuple[Mailbox, str]]:
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield mailbox, f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


async def _rolls(teacher: Any, line: Line) -> None:
    """The ten rolls of one teacher; the first of them is sent twice, as after an answer that was lost."""
    from khue.foundation import clock

    for place, slot in enumerate(teacher.slots):
        path = f"/attendance/{slot}/{clock.today()}/send/"
        body = _roll(teacher.pupils, place)
        for _time in range(2 if place % TWICE == 0 else 1):
            answer = await line.post(path, body, crowd.FORM)
            if (answer.status, answer.said) != (200, {"state": "saved"}):
                raise RuntimeError(f"a roll went wrong: {answer.status} {answer.body[:300]!r}")


def _roll(pupils: Sequence[int], place: int) -> bytes:
    return urlencode({**roll_of(pupils, place), "csrfmiddlewaretoken": crowd.TOKEN}).encode()


def roll_of(pupils: Sequence[int], place: int) -> dict[str, str]:
    """The form as a phone sends it: a kind and minutes for every pupil, empty for who is there."""
    first = place * len(NOT_THERE)
    kinds = {pupils[(first + n) % len(pupils)]: kind for n, kind in enumerate(NOT_THERE)}
    fields: dict[str, str] = {}
    for pupil in pupils:
        kind = kinds.get(pupil, "")
        fields |= {f"e{pupil}": kind, f"m{pupil}": "10" if kind == "M" else ""}
    stamp = {"key": str(uuid4()), "seen": "", "at": str(int(time.time() * 1000))}
    return {**fields, "title": "Phép cộng phân số", "mode": "classroom", **stamp}


def _wait_for(mailbox: Mailbox, told: int, end: float) -> None:
    while len(mailbox.addresses) < told:
        if time.monotonic() > end:
            raise RuntimeError(f"only {len(mailbox.addresses)} of {told} families have their e-mail")
        time.sleep(0.1)


def _prove(taught: Any, count: int, told: int) -> None:
    """That each roll was taken once and each family told once."""
    from khue.attendance.models import Absence, AbsenceNotice, RollCall
    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM

    here = {"organisation_id__in": taught.organisations}
    with scope.of(SYSTEM):
        found = (
            RollCall.objects.filter(**here).count(),
            Absence.objects.filter(**here, lesson__day=clock.today()).count(),
            AbsenceNotice.objects.filter(**here, sequence=1).count(),
            AbsenceNotice.objects.filter(**here).exclude(sequence=1).count(),
        )
    visitor.leave_its_database()
    if found != (count, count * len(NOT_THERE), told, 0):
        raise RuntimeError(f"rolls, absences, families told once and more than once: {found}")


def _prove_nobody_hears_twice(mailbox: Mailbox, told: int) -> None:
    time.sleep(3)
    if len(mailbox.addresses) != told:
        raise RuntimeError(f"{len(mailbox.addresses)} e-mails to {told} families")


def _beside(rate: float, taught: Any) -> Iterator[Row]:
    unit = f"rolls of 45/s, {len(taught.teachers)} teachers"
    if not pgbench.available():
        print("NO RATIO: there is no pgbench beside these PostgreSQL programs; install postgresql-contrib.")
        yield noted("rolls.rate", rate, unit)
        return
    script, address = _script(taught)
    inserted = pgbench.rate(script, address, clients=16, seconds=SECONDS, scope=str(taught.organisations[0]))
    yield against(
        "rolls.rate", rate, unit, baseline="pgbench insert of lesson, key, 5 absences, 16 clients",
        baseline_value=inserted,
    )  # fmt: skip


def _script(taught: Any) -> tuple[str, str]:
    """The rows of one roll as pgbench inserts them, on days a thousand years from now, and the database's address."""
    from django.conf import settings

    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.timetable.models import Slot

    with scope.of(SYSTEM):
        slots = Slot.objects.filter(organisation_id=taught.organisations[0]).order_by("id").values_list("id", flat=True)
        first, last = slots[0], slots[len(slots) - 1]
    visitor.leave_its_database()
    script = f"""
\\set slot random({first}, {last})
\\set day random(1, 1000000)
WITH taken AS (
  INSERT INTO attendance_lessonlog (public_id, organisation_id, slot_id, class_subject_id, day, mode, title, remark,
                                    taken_at, received_at, roll_key)
  SELECT gen_random_uuid(), s.organisation_id, s.id, s.class_subject_id, date '3000-01-01' + :day::int, 'classroom',
         'Phép cộng phân số', '', now(), now(), gen_random_uuid()
    FROM timetable_slot s WHERE s.id = :slot
  ON CONFLICT DO NOTHING RETURNING id, organisation_id, roll_key
), call AS (
  INSERT INTO attendance_rollcall (organisation_id, lesson_id, key, taken_at, received_at)
  SELECT organisation_id, id, roll_key, now(), now() FROM taken
)
INSERT INTO attendance_absence (organisation_id, lesson_id, enrolment_id, kind)
SELECT organisation_id, id, {taught.teachers[0].pupils[0]} + n, 'K' FROM taken, generate_series(0, 4) AS n;
"""
    return script, addresses.url_of(settings.DATABASES["default"])


def _pages(at: Node, taught: Any) -> Iterator[Row]:
    """The pages of a day whose rolls are all taken; without pgbench's."""
    from bench import taught_today
    from khue.foundation import clock

    _clear_away()
    node.rest(at)
    mine = taught.teachers[0]
    teacher = Visitor(at).bearing(mine.session)
    yield from visitor.page("rolls.today", teacher, "/attendance/")
    yield from visitor.page("rolls.roll", teacher, f"/attendance/{mine.slots[0]}/{clock.today()}/")
    yield from visitor.page("rolls.lesson", teacher, f"/attendance/{mine.slots[0]}/{clock.today()}/log/")
    yield from visitor.page("rolls.week", teacher, f"/attendance/logs/{mine.school_class}/")
    yield from visitor.page("rolls.unwritten", teacher, "/attendance/unwritten/")
    yield from visitor.page("rolls.class_year", teacher, f"/attendance/classes/{mine.school_class}/")
    head = Visitor(at).bearing(taught.head)
    yield from visitor.page("rolls.day", head, "/attendance/school/")
    yield from visitor.page("rolls.months", head, "/attendance/logs/")
    taught_today.forget(taught.organisations)
    visitor.leave_its_database()


def _clear_away() -> None:
    """Delete what pgbench inserted."""
    from bench.taught_today import connections

    far = "(SELECT id FROM attendance_lessonlog WHERE day >= '3000-01-01')"
    with connections["owner"].cursor() as cursor:
        for table in ("absence", "rollcall"):
            cursor.execute(f"DELETE FROM attendance_{table} WHERE lesson_id IN {far}")
        cursor.execute("DELETE FROM attendance_lessonlog WHERE day >= '3000-01-01'")
        cursor.execute("VACUUM ANALYZE attendance_absence, attendance_rollcall, attendance_lessonlog")
    visitor.leave_its_database()
