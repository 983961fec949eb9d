"""The seats of one admission, given by the published rule: what the worker does, in one transaction.

seating.cost   processor time of the program and the database together, an application
seating.clock  seconds by the clock for all of them
APPLICATIONS in the environment changes how many there are.
"""

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta

from bench import database  # sets Django up, for what is imported after it
from bench.processes import Group
from bench.row import Row, at_most, noted
from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.models import Case, Procedure
from khue.schools import actions
from khue.schools.models import AdmissionPlan
from tests.world import NOON, TODAY, World, actor, world

MANY = int(os.environ.get("APPLICATIONS", "5000"))
KEY = "first-grade-admission"


def rows() -> Iterator[Row]:
    """Applications are filed as families file them, then decided."""
    spent = Group(lambda: [os.getpid(), *database.server_processes()])
    with database.fresh("khue_bench_seating"):
        with scope.of_organisation(None):
            made = world()
            head = actor(made.here.head)
            plan = _opened(made)
        for number in range(MANY):
            _file(made, number)
        begun, before = time.monotonic(), spent.seconds()
        with scope.of(head):
            seated = actions.give_seats(actor=head, plan=plan, seed="", at=NOON + timedelta(hours=2))
        cost, took = (spent.seconds() - before) / MANY, time.monotonic() - begun
        with scope.of_organisation(None):
            if Case.objects.filter(ends="granted").count() != seated or seated != plan.capacity:
                raise RuntimeError(f"{seated} seats were said to be given of {plan.capacity}")
        yield at_most("seating.cost", cost * 1000, f"processor ms an application, of {MANY:,}", 1)
        yield noted("seating.clock", took, "seconds by the clock")


def _opened(made: World) -> AdmissionPlan:
    details = actions.PlanDetails(
        procedure=KEY, year="2027-2028", capacity=MANY // 3, opens_at=NOON - timedelta(hours=1),
        closes_at=NOON + timedelta(hours=1), zones=[("Mỹ An", "Ấp 3")],
    )  # fmt: skip
    return actions.open_admission(actor=actor(made.here.head), organisation=made.here.organisation, details=details)


def _file(made: World, number: int) -> None:
    filing = procedures.Filing(
        definition=cases.open_definition(Procedure.objects.get(key=KEY).public_id, TODAY),
        organisation=made.here.organisation, applicant_name="Lê Thị Mẹ", subject_name=f"Lê Văn {number}",
        born_on=date(2021, 3, 2), phone="0901234567",
        given={"commune": "Mỹ An", "street": f"Ấp {number % 5}", "sex": "1", "relation": "mother"},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        procedures.file_case(actor=ANONYMOUS, filing=filing, at=NOON)
