"""Dossiers from filing to result, and the tracking page beside a million open ones.

procedures.cases     filed by the public and finished by an officer, two transactions each, by the processor time of the
                     program and the database together: what two cores do in a second
procedures.tracking  the page a code and a birth date open, form tokens and counting of tries included
CASES in the environment changes how many lie open.
"""

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from django.test import Client

from bench import database  # sets Django up, for what is imported after it
from bench.processes import Group
from bench.row import Row, at_most, noted
from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.procedures import actions, queries
from khue.procedures.models import Case, Definition, Procedure
from khue.procedures.tests.drawn import HEAD, flow, published
from khue.schools import actions as schools
from tests.world import NOON, TODAY, World, actor, world

OPEN = int(os.environ.get("CASES", "1000000"))
MEASURED = 600
PAGES = 300
CORES = 2
LEAST = 300
ONE_STEP = (
    f'{HEAD}<process id="p" isExecutable="true"><startEvent id="start"/><userTask id="issue" name="Lập giấy"/>'
    f'<endEvent id="done"/>{flow("a", "start", "issue")}{flow("b", "issue", "done")}</process></definitions>'
).encode()
SHEET = {
    "filing": {"properties": {"why": {"type": "string", "title": "Lý do"}}, "required": ["why"]},
    "tasks": {"issue": {"role": "clerk"}},
    "ends": {"done": "granted"},
}

#: 145,000 applications in the first hour of a large city.
APPLICATIONS = 145_000 / 3600

_CASES = """
    INSERT INTO procedures_case (public_id, organisation_id, definition_id, code, applicant_name, phone, email,
        subject_name, born_on, channel, data, state, status, filed_at, received_on, due_on, ends, reason)
    SELECT gen_random_uuid(), %(place)s, %(definition)s, 'B-261123-' || n, 'Mẹ', '09', '', 'Nguyễn Văn ' || n,
           date '2015-01-01' + n %% 365, 'online', '{"why": "x"}', 0, 2, %(at)s, '2026-11-23', '2026-12-01', '', ''
    FROM generate_series(1, %(count)s) AS n
"""
_STEPS = """
    INSERT INTO procedures_step (public_id, organisation_id, case_id, task, title, role, data, opened_at, done_by_name)
    SELECT gen_random_uuid(), organisation_id, id, 'issue', 'Lập giấy', 'clerk', '{}', filed_at, ''
    FROM procedures_case
"""


def rows() -> Iterator[Row]:
    """Cases a second, then pages."""
    spent = Group(lambda: [os.getpid(), *database.server_processes()])
    with database.fresh("khue_bench_procedures"):
        with scope.of_organisation(None):
            made = world()
            definition = published(made.here.organisation, ONE_STEP, SHEET)
            clerk = actor(made.here.clerk)
        for _warm in range(20):
            _from_filing_to_result(made, definition, clerk)
        begun, before = time.monotonic(), spent.seconds()
        for _case in range(MEASURED):
            _from_filing_to_result(made, definition, clerk)
        cost, took = (spent.seconds() - before) / MEASURED, time.monotonic() - begun
        rate = CORES / cost
        yield Row("procedures.cases", round(rate), "cases/s of two cores", budget=f">= {LEAST}", ok=rate >= LEAST)
        yield noted("procedures.cases.cost", cost * 1000, "processor ms a case")
        yield noted("procedures.cases.clock", MEASURED / took, "cases/s by the clock, one after the other")
        yield from _admission(made, spent)
        yield from _pages(made, definition, spent)


def _from_filing_to_result(made: World, definition: Definition, clerk: Actor) -> None:
    filing = actions.Filing(
        definition=definition, organisation=made.here.organisation, applicant_name="Mẹ", subject_name="Con",
        born_on=date(2015, 3, 2), phone="09", given={"why": "Vay vốn"},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        case = actions.file_case(actor=ANONYMOUS, filing=filing, at=NOON)
    with scope.of(clerk):
        actions.do_step(actor=clerk, step=queries.open_step(case.id), given={}, at=NOON)


def _admission(made: World, spent: Group) -> Iterator[Row]:
    """Applications for the first grade, each with its number in the queue of the school."""
    with scope.of_organisation(None):
        definition = queries.open_definition(Procedure.objects.get(key="first-grade-admission").public_id, TODAY)
        details = schools.PlanDetails(
            procedure="first-grade-admission", year="2027-2028", capacity=200, opens_at=NOON - timedelta(hours=1),
            closes_at=NOON + timedelta(days=1), zones=[("Mỹ An", "")],
        )  # fmt: skip
        schools.open_admission(actor=actor(made.here.head), organisation=made.here.organisation, details=details)
    before = spent.seconds()
    for number in range(MEASURED):
        filing = actions.Filing(
            definition=definition, organisation=made.here.organisation, applicant_name="Mẹ",
            subject_name=f"Con {number}", born_on=date(2021, 3, 2), phone="09", given={
                "commune": "Mỹ An", "street": "Ấp 3", "priority": "none", "sex": "1", "relation": "mother",
            },
        )  # fmt: skip
        with scope.of(ANONYMOUS):
            actions.file_case(actor=ANONYMOUS, filing=filing, at=NOON)
    rate = CORES / ((spent.seconds() - before) / MEASURED)
    yield Row(
        "procedures.admission", round(rate), "applications/s of two cores", budget=f">= {APPLICATIONS:.0f}",
        ok=rate >= APPLICATIONS,
    )  # fmt: skip


def _pages(made: World, definition: Definition, spent: Group) -> Iterator[Row]:
    given = {"place": made.elsewhere.organisation.id, "definition": definition.id, "at": NOON, "count": OPEN}
    with database.owner() as owner:
        owner.execute(_CASES, given)
        owner.execute(_STEPS)
        owner.execute("VACUUM ANALYZE procedures_case, procedures_step")
    with scope.of_organisation(None):
        count = Case.objects.filter(finished_on=None).count()
    client = Client()
    for what, costs in (("tracking", _followed), ("list", _listed)):
        costs(client, 0)
        before = spent.seconds()
        for number in range(PAGES):
            costs(client, number)
        cost = (spent.seconds() - before) / PAGES * 1000
        yield at_most(f"procedures.{what}", cost, f"processor ms a page, {count:,} open cases", 5)


def _followed(client: Client, number: int) -> None:
    n = 1 + number * 3331 % OPEN
    born = date.fromordinal(date(2015, 1, 1).toordinal() + n % 365)
    form = urlencode({"code": f"B-261123-{n}", "born_on": f"{born:%d/%m/%Y}"})
    answer = client.post("/procedures/follow/", form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200, answer.status_code


def _listed(client: Client, _number: int) -> None:
    assert client.get("/procedures/").status_code == 200
