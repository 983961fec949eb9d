"""The first minutes of a large city's admission over real HTTP: 145,000 applications in an hour are forty a second.

For two minutes as many families as there are connections file at the same time, each on a connection of its own, and
look at their place in the queue; then the next ones come. Every answer is read. One that failed, or that was turned
away, ends the benchmark, and so does an unfair place: the numbers of each school are 1, 2, 3 ... without a gap, and who
had the answer before another one asked has the smaller number.

admission.cost     processor time of all processes of the node: filing, and a look at the queue
admission.rate     applications a second by the clock, each with its look at the queue
admission.file     milliseconds until the receipt while all wait for each other
MINUTES in the environment changes how long.
"""

import asyncio
import itertools
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from bench import crowd, node, visitor
from bench.row import Row, at_most, noted

SECONDS = 60 * float(os.environ.get("MINUTES", "2"))
SCHOOLS = 40
AT_ONCE = 64
LEAST = 145_000 / 3600
CODE = re.compile(r"\b([A-Z0-9]+-\d{6}-\d{4,})\b")
FORM = {
    "csrfmiddlewaretoken": crowd.TOKEN, "born_on_": "02/03/2021", "sex": "1", "relation": "mother",
    "applicant_name_": "Lê Thị Mẹ", "phone_": "0901234567", "commune": "Mỹ An", "street": "Ấp 3", "priority": "none",
}  # fmt: skip
#: Each family has another child.
CHILDREN = itertools.count(1)


@dataclass(frozen=True)
class School:
    """One school that admits: its plan, and the addresses that file with it and show its queue."""

    plan: int
    file: str
    queue: str


@dataclass(frozen=True)
class Filed:
    """One application: when it was sent, when the receipt was there (seconds of one clock), and its code."""

    plan: int
    asked: float
    answered: float
    code: str


def rows() -> Iterator[Row]:
    """Two minutes of applications, then the proof that their places are fair."""
    with node.serving() as at:
        visitor.work_on_its_database()
        schools = _schools()
        visitor.leave_its_database()
        asyncio.run(_rush(at.address, schools, 5))  # every process has seen the pages
        node.rest(at)
        before, database, begun = at.processes.seconds(), at.database.seconds(), time.monotonic()
        filed = asyncio.run(_rush(at.address, schools, SECONDS))
        seconds, count = time.monotonic() - begun, len(filed)
        cost = (at.processes.seconds() - before) * 1000 / count
        part = (at.database.seconds() - database) * 1000 / count
        _prove(schools, filed)
        rate = count / seconds
        yield at_most("admission.cost", cost, "processor ms an application, with its look at the queue", 20)
        yield noted("admission.database", part, "processor ms of it")
        yield Row(
            "admission.rate", round(rate, 1), f"applications/s by the clock, {count:,} of them, none turned away",
            budget=f">= {LEAST:.0f}", ok=rate >= LEAST,
        )  # fmt: skip
        took = sorted((each.answered - each.asked) * 1000 for each in filed)
        yield from crowd.waits("admission.file", took, AT_ONCE)


def _schools() -> Sequence[School]:
    """Schools that admit since a minute ago; the node keeps them."""
    from django.db import transaction

    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM
    from khue.procedures.models import Procedure
    from khue.registry.models import Organisation
    from khue.schools.models import AdmissionPlan
    from tests.world import organisation

    found, now = [], clock.now()
    with scope.of(SYSTEM), transaction.atomic():
        department = Organisation.objects.filter(kind="department").order_by("id")[0]
        procedure = Procedure.objects.get(key="first-grade-admission")
        for number in range(SCHOOLS):
            school = organisation("school", f"Trường tuyển sinh {number} {now:%H%M%S}", department)
            plan = AdmissionPlan.objects.create(
                organisation=school, procedure=procedure.key, year="2027-2028", capacity=200,
                opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=1),
                zones=[{"commune": "Mỹ An", "street": ""}],
            )  # fmt: skip
            file = f"/procedures/{procedure.public_id}/file/?office={school.public_id}"
            found.append(School(plan.id, file, f"/admissions/{plan.public_id}/queue/"))
    return found


async def _rush(address: str, schools: Sequence[School], seconds: float) -> list[Filed]:
    """Families one after the other on each of the connections, school after school."""
    filed: list[Filed] = []
    end = time.monotonic() + seconds

    async def families(first: int) -> None:
        number = first
        while time.monotonic() < end:
            filed.append(await _family(address, schools[number % len(schools)]))
            number += AT_ONCE + 1

    await asyncio.gather(*map(families, range(AT_ONCE)))
    return filed


async def _family(address: str, school: School) -> Filed:
    """File, read the code, open the queue."""
    host, _, port = address.rpartition(":")
    line = crowd.Line(address, "", *await asyncio.open_connection(host, int(port)))
    asked = time.monotonic()
    answer = await line.post(
        school.file, urlencode({**FORM, "subject_name_": f"Lê Văn {next(CHILDREN)}"}).encode(), crowd.FORM
    )
    answered, page = time.monotonic(), answer.body.decode()
    code = CODE.search(page)
    if answer.status != 200 or code is None:
        raise RuntimeError(f"not filed: {answer.status} {page[:500]}")
    queue = await line.get(f"{school.queue}?code={code[1]}")
    if queue.status != 200 or "Chỗ trong hàng chờ" not in queue.body.decode():
        raise RuntimeError(f"no place in the queue: {queue.status} {queue.body[:500]!r}")
    line.writer.close()
    return Filed(school.plan, asked, answered, code[1])


def _prove(schools: Sequence[School], filed: Sequence[Filed]) -> None:
    """One place for each that was answered, numbered by receipt. Raises RuntimeError."""
    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.schools.models import AdmissionPlace

    with scope.of(SYSTEM):
        places = AdmissionPlace.objects.filter(plan_id__in=[school.plan for school in schools])
        number_of = {code: (plan, number) for code, plan, number in places.values_list("code", "plan_id", "number")}
    visitor.leave_its_database()
    numbers: dict[int, list[int]] = defaultdict(list)
    for plan, number in number_of.values():
        numbers[plan].append(number)
    if any(sorted(given) != list(range(1, len(given) + 1)) for given in numbers.values()):
        raise RuntimeError("numbers of a school have a gap or stand twice")
    by_plan: dict[int, list[tuple[Filed, int]]] = defaultdict(list)
    for each in filed:
        by_plan[each.plan].append((each, number_of[each.code][1]))
    unfair = sum(_overtaken(each) for each in by_plan.values())
    if unfair:
        raise RuntimeError(f"{unfair} applications stand behind one that was sent after they had their receipt")


def _overtaken(filed: Sequence[tuple[Filed, int]]) -> int:
    """How many have a greater number than one that asked only after they were answered."""
    in_order = sorted(filed, key=lambda pair: pair[1])
    overtaken, latest_asked = 0, 0.0
    for each, _number in in_order:
        overtaken += each.answered < latest_asked
        latest_asked = max(latest_asked, each.asked)
    return overtaken
