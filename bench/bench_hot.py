"""The hot door against pgbench: the same single-row upsert into the same table, in turns, in one run.

note_save     the door itself: a table of two columns beside its key (the kind of the door's own tests)
answer_save   an exam answer as the player sends it, with the checks of deadline, place and hand-in that pgbench's
              statement does without
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from bench import database, load, pgbench  # database sets Django up, for what is imported after it
from bench.load import Answered, Request
from bench.processes import Group
from bench.row import Row, against, at_most, noted
from khue.assessment.models import Attempt
from khue.assessment.tests.builders import set_test
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.hot import tickets
from khue.foundation.tests import hot_notes
from khue.foundation.tests.processes import server
from tests.world import world

#: Browsers, and clients of pgbench: a class or two, all busy.
CLIENTS = 64
SECONDS = 4.0
ROUNDS = 3
PUPILS = 200
QUESTIONS = 10


def rows() -> Iterator[Row]:
    """Cost of a save in all server processes, and saves a second beside pgbench's."""
    with database.fresh("khue_bench_hot") as address, tempfile.TemporaryDirectory() as folder:
        with database.owner() as owner:
            hot_notes.create_table(owner)
        front_log = Path(folder) / "front.log"
        environment = {"DATABASE_URL": address, "KHUE_SECRET": settings.SECRET_KEY}
        with server(
            "asgi", "khue.foundation.tests.hot_notes_app:application", "--loop", "uvloop", log=front_log, **environment
        ) as front:
            servers = Group(lambda: [front.process_id, *database.server_processes()])
            yield from _compared("note_save", front.address, servers, _notes(), NOTE_SCRIPT, "1")
            requests, script, organisation = _answers()
            yield from _compared("answer_save", front.address, servers, requests, script, str(organisation))


def _compared(
    name: str, front: str, servers: Group, requests: Sequence[Request], script: str, scope: str
) -> Iterator[Row]:
    load.drive(front, requests, connections=CLIENTS, seconds=1)  # connections, prepared statements, first pages
    answered: list[Answered] = []
    baseline: list[float] = []
    seconds = 0.0
    for _ in range(ROUNDS):
        if pgbench.available():
            rate = pgbench.rate(script, database.address(), clients=CLIENTS, seconds=SECONDS, scope=scope)
            baseline.append(rate)
        before = servers.seconds()
        answered.append(load.drive(front, requests, connections=CLIENTS, seconds=SECONDS))
        seconds += servers.seconds() - before
    count = sum(one.count for one in answered)
    if errors := sum(one.errors for one in answered):
        raise RuntimeError(f"{name}: {errors} of {count} saves failed")
    yield at_most(f"{name}.cost", seconds * 1000 / count, "processor ms", 0.7)
    reached = sum(one.rate for one in answered) / ROUNDS
    if baseline:
        yield against(
            f"{name}.rate", reached, f"saves/s, {CLIENTS} browsers", baseline=f"pgbench upsert, {CLIENTS} clients",
            baseline_value=sum(baseline) / ROUNDS, at_least=0.5,
        )  # fmt: skip
    else:
        print("NO RATIO: there is no pgbench beside these PostgreSQL programs; install postgresql-contrib.")
        yield noted(f"{name}.rate", reached, f"saves/s, {CLIENTS} browsers")
    yield noted(f"{name}.p99", max(one.p99 for one in answered), "ms until acknowledged")


NOTE_SCRIPT = f"""
\\set notebook random(1, {PUPILS})
\\set page random(1, {QUESTIONS})
INSERT INTO hot_note (organisation_id, notebook, page, line, written_at) VALUES (1, :notebook, :page, 'B', now())
ON CONFLICT (notebook, page) DO UPDATE SET line = excluded.line, written_at = excluded.written_at;
"""


def _notes() -> list[Request]:
    shown = [tickets.issue("notes", {"notebook": n}, organisation_id=1, seconds=3600) for n in range(1, PUPILS + 1)]
    return [
        Request("/hot/notes", "POST", {"Authorization": f"Bearer {ticket}"}, f'{{"page":{page},"line":"B"}}')
        for ticket in shown
        for page in range(1, QUESTIONS + 1)
    ]


ANSWER = '{"answers":[{"question":%d,"answer":"%d","sequence":' + load.RISING + "}]}"


def _answers() -> tuple[list[Request], str, int]:
    """A test of ten questions that a whole year takes at once, the same as a script, and the school."""
    with scope.raised(SYSTEM), transaction.atomic():
        school = world(pupils=PUPILS).here
        now = clock.now()
        made = set_test(school, QUESTIONS, opens_at=now)
        attempts = Attempt.objects.bulk_create(
            Attempt(
                organisation=school.organisation, assignment=made.assignment, enrolment=enrolment,
                person=enrolment.person, number=1, seed=1, started_at=now, deadline_at=now + timedelta(hours=2),
            )
            for enrolment in school.enrolments
        )  # fmt: skip
    connection.close()
    organisation = school.organisation.id
    requests = [
        Request("/hot/answers", "POST", {"Authorization": f"Bearer {ticket}"}, ANSWER % (place, random.randint(1, 4)))
        for ticket in [_ticket(attempt, organisation) for attempt in attempts]
        for place in range(1, QUESTIONS + 1)
    ]
    script = f"""
\\set attempt random({attempts[0].id}, {attempts[-1].id})
\\set question random({made.questions[0].id}, {made.questions[-1].id})
INSERT INTO assessment_response
    (organisation_id, attempt_id, question_id, is_late, started_at, answer, sequence, saved_at)
VALUES ({organisation}, :attempt, :question, false, '{now.isoformat()}', '2',
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, now())
ON CONFLICT (attempt_id, question_id, is_late, started_at) DO UPDATE
    SET answer = EXCLUDED.answer, sequence = EXCLUDED.sequence, saved_at = EXCLUDED.saved_at
    WHERE EXCLUDED.sequence > assessment_response.sequence;
"""
    return requests, script, organisation


def _ticket(attempt: Attempt, organisation: int) -> str:
    return tickets.issue("answers", {"attempt": attempt.id}, organisation_id=organisation, seconds=3600)
