"""The first minutes of a large city's admission over real HTTP: none is lost, and each application has one place.

145,000 applications in the first hour are forty a second, and ten times that as it opens. Everybody sends at once and
waits for the answer; whoever is turned away before the node took anything asks again. What is measured is the node's
own processor time, for the machine is shared: an application with a look at the queue may cost what two cores do in a
fortieth of a second.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

import psycopg
import pytest

from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, node  # noqa: F401  a fixture
from khue.procedures.models import Procedure
from khue.schools.models import AdmissionPlan
from tests.resilience.copied import serving_copy
from tests.resilience.node import ServedNode
from tests.world import organisation, world

pytestmark = pytest.mark.resilience
SCHOOLS = 8
APPLICATIONS = 400
#: In the first moments ten times the mean of the hour: so many browsers wait for their answers at the same time.
AT_ONCE = 80
CORES, A_SECOND = 2, 40
TOKEN = "rushing" * 4 + "rush"
CODE = re.compile(r"\b([A-Z0-9]+-\d{6}-\d{4,})\b")


@pytest.fixture
def places(node: Node) -> list[tuple[str, str]]:  # noqa: F811  the fixture
    """For each school the address that files with it and the address of its queue."""
    with scope.of_organisation(None):
        here = world().here
        procedure = Procedure.objects.get(key="first-grade-admission")
        found = []
        for number in range(SCHOOLS):
            school = organisation("school", f"Trường Tiểu học {number}", here.organisation.parent)
            plan = AdmissionPlan.objects.create(
                organisation=school, procedure=procedure.key, year="2027-2028", capacity=30,
                opens_at=clock.now() - timedelta(minutes=1), closes_at=clock.now() + timedelta(days=1),
                zones=[{"commune": "Mỹ An", "street": ""}],
            )  # fmt: skip
            file = f"/procedures/{procedure.public_id}/file/?office={school.public_id}"
            found.append((file, f"/admissions/{plan.public_id}/queue/"))
        return found


@pytest.fixture
def served(places: list[tuple[str, str]], node: Node, tmp_path: Path) -> Iterator[ServedNode]:  # noqa: F811
    """The node with these schools, with a PostgreSQL of its own."""
    with serving_copy(node.name, tmp_path / "var") as served:
        yield served


class Family:
    """One browser: it files, then looks at its place."""

    def __init__(self, number: int, address: str, ways: tuple[str, str]) -> None:
        self.number, self.address, self.ways = number, address, ways
        self.code, self.place_seen, self.turned_away = "", False, 0

    async def come(self) -> None:
        """File until the node has taken it, then open the queue."""
        form = {
            "csrfmiddlewaretoken": TOKEN, "subject_name_": f"Lê Văn {self.number}", "born_on_": "02/03/2021",
            "sex": "1", "relation": "mother",
            "applicant_name_": "Lê Thị Mẹ", "phone_": "0901234567", "commune": "Mỹ An", "street": "Ấp 3",
            "priority": "none",
        }  # fmt: skip
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items())
        while not self.code:
            status, page = await self.ask("POST", self.ways[0], body)
            if status == 200:
                found = CODE.search(page)
                assert found is not None, page[:2000]
                self.code = found[1]
            else:
                # Full, not broken: nothing was taken, so asking again files nothing twice.
                assert status in (429, 503), f"{status}: {page[:2000]}"
                self.turned_away += 1
                await asyncio.sleep(0.5)
        status, page = await self.ask("GET", f"{self.ways[1]}?code={self.code}")
        self.place_seen = status == 200 and "Chỗ trong hàng chờ" in page

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """One request on a connection of its own, as thousands of phones send it."""
        host, _colon, port = self.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self.address}\r\nOrigin: http://{self.address}\r\n"
            f"Cookie: khue_csrf={TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        said = (await reader.read()).decode()
        writer.close()
        return int(said.split(" ", 2)[1]), said


async def _rush(families: list[Family]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(family: Family) -> None:
        async with gate:
            await family.come()

    await asyncio.gather(*map(one, families))


def spent(served: ServedNode) -> float:
    return sum(sum(process.cpu_times()[:4]) for process in served.processes())


def test_the_first_minutes_of_an_admission(served: ServedNode, places: list[tuple[str, str]]) -> None:
    address = served.url.removeprefix("http://")
    # Every process has seen the pages; with other children, for each has one place in a queue.
    asyncio.run(_rush([Family(APPLICATIONS + each, address, places[each]) for each in range(SCHOOLS)]))
    families = [Family(number, address, places[number % SCHOOLS]) for number in range(APPLICATIONS)]
    before, begun = spent(served), time.monotonic()

    asyncio.run(_rush(families))

    took, cost = time.monotonic() - begun, (spent(served) - before) / APPLICATIONS
    turned_away = sum(family.turned_away for family in families)
    print(
        f"{APPLICATIONS / took:.0f} applications/s by the clock, {turned_away} asked again, {cost * 1000:.1f} ms each"
    )
    assert all(family.place_seen for family in families)
    owner = (served.var_dir / "postgres.urls").read_text().split()[1]
    with psycopg.connect(owner) as connection:
        rows = connection.execute(
            "SELECT plan_id, array_agg(number ORDER BY number), array_agg(code) FROM schools_admissionplace"
            " GROUP BY plan_id"
        ).fetchall()
        filed = connection.execute("SELECT count(*) FROM procedures_case").fetchone()
    assert [numbers for _plan, numbers, _codes in rows] == [list(range(1, len(n) + 1)) for _plan, n, _codes in rows]
    kept = [code for _plan, _numbers, codes in rows for code in codes]
    assert {family.code for family in families} <= set(kept)
    assert filed == (len(set(kept)),) == (APPLICATIONS + SCHOOLS,), "one case and one place for each that was answered"
    assert cost <= CORES / A_SECOND
