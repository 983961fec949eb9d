"""A school, a department and the Ministry, each a node in its own network: whatever happens to lines, batches, clocks
and disks, all three end up with the same, nothing lost and nothing twice.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from khue.cli import backup
from khue.foundation.postgres import addresses
from tests import databases
from tests.resilience import network
from tests.resilience.network import Cable, NetNode

pytestmark = pytest.mark.resilience

SCHOOL, DEPARTMENT, OWN = "82300011", "82", "82300099"
DAY = 24 * 3600


class Country:
    """The three nodes and the two cables between them."""

    def __init__(self, folder: Path) -> None:
        self.school = NetNode("school", folder / "school", "10.231.1.2")
        self.department = NetNode("depart", folder / "department", "10.231.1.1")
        self.ministry = NetNode("minist", folder / "ministry", "10.231.2.2")
        self.nodes = (self.school, self.department, self.ministry)
        self.lower = Cable(self.school.space, "10.231.1.2", self.department.space, "10.231.1.1")
        self.upper = Cable(self.department.space, "10.231.2.1", self.ministry.space, "10.231.2.2")

    def begin(self, archive: Path) -> None:
        """Each is a real node, made from the same empty backup; they are introduced to each other by hand."""
        for node in self.nodes:
            node.begin(archive)
        self.school.ask("build_school", code=SCHOOL, name="THCS Mỹ An", pupils=5)
        self.department.ask("build_department", code=DEPARTMENT, schools={SCHOOL: "THCS Mỹ An"}, own=OWN)
        self.ministry.ask("build_ministry", department=DEPARTMENT)
        cards = {node.name: node.ask("card", address=node.url) for node in self.nodes}
        self.school.ask("admit", card=cards["depart"], body=SCHOOL)
        self.department.ask("admit", card=cards["school"], body=SCHOOL)
        self.department.ask("admit", card=cards["minist"], body=DEPARTMENT)
        self.ministry.ask("admit", card=cards["depart"], body=DEPARTMENT)
        self.wait()

    def wait(self) -> None:
        """Until the webs answer those who report to them."""
        network.wait_for(self.department.url, self.school.space)
        network.wait_for(self.ministry.url, self.department.space)

    def report(self, **given: object) -> tuple[dict, dict]:
        """The school reports, then the department."""
        return self.school.ask("send", **given), self.department.ask("send", **given)

    def assert_converged(self) -> None:
        """Each node above has exactly what the one below it reports, and took nothing in twice."""
        assert self.department.ask("heard") == self.school.ask("told")
        assert self.ministry.ask("heard") == self.department.ask("told")
        pupils = {**self.school.ask("birthdays"), **self.department.ask("birthdays")}
        assert self.ministry.ask("birthdays") == pupils
        assert [node.ask("received") for node in self.nodes] == [0, 0, 0]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Country]:
    why = network.missing()
    if why:
        pytest.skip(f"three nodes in three network namespaces were NOT tried: {why}")
    folder = tmp_path_factory.mktemp("country")
    archive = empty_archive(folder)
    made = Country(folder)
    try:
        made.begin(archive)
        yield made
    finally:
        for node in made.nodes:
            node.clear_away()


def empty_archive(folder: Path) -> Path:
    """A backup of a node with its tables and reference data and nothing else."""
    from django.conf import settings

    name = f"khue_empty_{os.getpid()}"
    url = addresses.url_of(settings.DATABASES["owner"], name)
    files = folder / "files"
    files.mkdir()
    # Of a copy: while somebody reads the template itself, no other process can make a database from it.
    with databases.as_owner(databases.administration()) as connection:
        connection.execute(databases.copying(name, databases.migrated()))
    backup.make(backup.Node(url, files, folder / "no-secret"), folder / "empty.khue")
    databases.drop(name)
    return folder / "empty.khue"


def test_whatever_happens_three_nodes_converge(country: Country, tmp_path: Path) -> None:
    school, department = country.school, country.department
    school.ask("collect", code=SCHOOL)
    department.ask("collect", code=OWN)
    sent, passed_on = country.report()
    assert sent["records"] > 15
    assert passed_on["records"] > 2 * 15
    country.assert_converged()

    # A week ago.
    backups = [node.back_up(tmp_path / f"{node.name}.khue") for node in (school, department)]

    # The line is down; life goes on; it comes back.
    country.lower.cut()
    school.ask("born", name="Nguyễn Văn A", day=11, code=SCHOOL)
    assert "unreachable" in school.ask("send")
    country.lower.mend()
    country.report()
    country.assert_converged()

    # The line is cut in the middle of a conversation of many small batches.
    for number in range(4):
        school.ask("add_pupil", name=f"Trần Thị {'ABCD'[number]}", code=SCHOOL)
    begun = school.tell("send", batch=1)
    time.sleep(0.15)
    country.lower.cut()
    time.sleep(0.5)
    country.lower.mend()
    school.answer(begun)
    country.report()
    country.assert_converged()

    # Batches come backwards, and each twice.
    school.ask("add_pupil", name="Trần Thị E", code=SCHOOL)
    school.ask("born", name="Nguyễn Văn B", day=12, code=SCHOOL)
    assert school.ask("shuffle", batch=1) >= 3
    country.report()
    country.assert_converged()

    # The department's clock is a day ahead, the school's a day late.
    department.move_clock(DAY)
    school.move_clock(-DAY)
    school.ask("born", name="Nguyễn Văn C", day=13, code=SCHOOL)
    sent, _passed_on = country.report()
    assert sent["records"] == 1
    assert abs(sent["clock"] - 2 * DAY) < 120
    country.assert_converged()
    department.move_clock(0)
    school.move_clock(0)

    # The school's disk is lost. It goes on from a week ago, and reports something new before it knows what it lost.
    before = country.ministry.ask("birthdays")
    school.restore(backups[0])
    school.ask("born", name="Nguyễn Văn D", day=14, code=SCHOOL)
    sent, _passed_on = country.report()
    assert sent["reasons"] == ["standing"]
    assert sent["adopted"] >= 10
    country.assert_converged()
    assert country.ministry.ask("birthdays") == {**before, "Nguyễn Văn D": "2015-03-14"}

    # Now the department's disk.
    school.ask("born", name="Nguyễn Văn E", day=15, code=SCHOOL)
    country.report()
    department.restore(backups[1])
    country.wait()
    country.report()
    country.report()
    country.assert_converged()
    assert country.ministry.ask("birthdays")["Nguyễn Văn E"] == "2015-03-15"
    assert [node.ask("held") for node in country.nodes] == [0, 0, 0]
