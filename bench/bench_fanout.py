"""A notice to all families of a province, from the job's first step to the last delivery in the outbox.

fanout.recipients   families told a second, in the application and by e-mail: two rows each, on the clock on the wall
fanout.cost         the same by processor second of the program and the database together, beside a bare COPY
FAMILIES in the environment changes how many there are; a province has 540,000.
"""

import os
import time
from collections.abc import Iterator
from uuid import uuid4

from bench import database  # sets Django up, for what is imported after it
from bench.processes import Group
from bench.row import Row, against
from khue.foundation import scope, work
from khue.foundation.text import name_sort_key
from khue.messaging import actions, queries
from khue.messaging.actions import Announcement
from tests.world import NOON, YEAR_START, World, actor, organisation, world

FAMILIES = int(os.environ.get("FAMILIES", "54000"))
OF_A_SCHOOL = 600
LEAST = 2_000

_PEOPLE = """
    INSERT INTO registry_person (public_id, organisation_id, full_name, other_name, sort_key, sex, birthplace,
        foreign_paper, ethnicity, nationality, address, phone, email, is_disabled, is_poor_household)
    SELECT gen_random_uuid(), o.id, k.kind || n, '', %s, '0', '', '', '', 'VN', '', '',
           CASE WHEN k.kind = 'guardian' THEN 'g' || o.id || '.' || n || '@example.vn' ELSE '' END, false, false
    FROM registry_organisation o, generate_series(1, %s) AS n, (VALUES ('pupil'), ('guardian')) AS k (kind)
    WHERE o.name LIKE 'Trường số%%'
"""
_FAMILIES = """
    INSERT INTO registry_guardianship (organisation_id, child_id, guardian_id, relationship, receives_messages,
        may_decide, is_barred, court_decision, valid_from)
    SELECT c.organisation_id, c.id, g.id, 'mother', true, true, false, '', %s
    FROM registry_person c JOIN registry_person g ON g.organisation_id = c.organisation_id
     AND g.full_name = replace(c.full_name, 'pupil', 'guardian')
    WHERE c.full_name LIKE 'pupil%%'
"""


def rows() -> Iterator[Row]:
    """How fast a notice is told."""
    with database.fresh("khue_bench_fanout"):
        with scope.of_organisation(None):
            made = world()
            for number in range(FAMILIES // OF_A_SCHOOL):
                organisation("school", f"Trường số {number}", made.department)
        with database.owner() as owner:
            owner.execute(_PEOPLE, [name_sort_key("a"), OF_A_SCHOOL])
            owner.execute(_FAMILIES, [YEAR_START])
            owner.execute("ANALYZE")
        told, seconds, processor = _told(made)
        yield Row(
            "fanout.recipients", round(told / seconds), "recipients/s", budget=f">= {LEAST} of {told:,}",
            ok=told / seconds >= LEAST,
        )  # fmt: skip
        _prove(told)
        copied = _copied(told)
        yield against(
            "fanout.cost", told / processor, "recipients/processor s", baseline="COPY of the same deliveries",
            baseline_value=copied,
        )  # fmt: skip


def _told(made: World) -> tuple[int, float, float]:
    """How many were told, in how many seconds on the wall and of the processors."""
    notice = Announcement(key=uuid4(), audience="registry.guardians", subject="Nghỉ bão", body="Mai các em nghỉ học.")
    with scope.of_organisation(None):
        officer = actor(made.department_officer)
        queued = actions.broadcast(actor=officer, organisation=made.department, notice=notice, at=NOON)
        job = queued.job
    if job is None:
        raise RuntimeError("the notice was not queued")
    processes = Group(lambda: [os.getpid(), *database.server_processes()])
    begin, begun = processes.seconds(), time.monotonic()
    work.run(job.id)
    seconds, processor = time.monotonic() - begun, processes.seconds() - begin
    with scope.of_organisation(None):
        told = queries.broadcast_numbered(queued.id)
        if told.finished_at is None:
            raise RuntimeError("the notice was not told to the end")
        return told.told_count, seconds, processor


def _prove(told: int) -> None:
    """That each was told once in the application, and once by e-mail where there is an address."""
    with database.owner() as owner:
        found = owner.execute(
            "SELECT channel, count(*), count(DISTINCT recipient_id) FROM messaging_delivery GROUP BY channel ORDER BY 1"
        ).fetchall()
        with_address = owner.execute(
            "SELECT count(DISTINCT p.id) FROM registry_guardianship g JOIN registry_person p ON p.id = g.guardian_id"
            " WHERE p.email <> ''"
        ).fetchone()
    expected = [("app", told, told), ("email", *(with_address or (0,)) * 2)]
    if found != expected:
        raise RuntimeError(f"told: {found}, expected: {expected}")


def _copied(number: int) -> float:
    """Recipients a processor second of COPY of two deliveries each into a table with the same indexes."""
    with database.owner() as owner:
        owner.execute("CREATE TABLE copied (LIKE messaging_delivery INCLUDING ALL)")
        processes = Group(database.server_processes)
        begin = processes.seconds()
        with owner.cursor().copy("COPY messaging_delivery TO STDOUT") as source:
            lines = list(source)
        with owner.cursor().copy("COPY copied FROM STDIN") as copy:
            for line in lines:
                copy.write(line)
        seconds = processes.seconds() - begin
        owner.execute("DROP TABLE copied")
    return number / seconds
