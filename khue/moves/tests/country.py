"""Two provinces and the Ministry, each on a node of its own, with lines between them that lose what a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from django.test import Client

from khue.exchange import actions as exchange
from khue.exchange import queries as letters
from khue.exchange import tasks as exchange_tasks
from khue.exchange.actions import conversing, mailing, reporting
from khue.exchange.tests.nodes import Node, introduce, node
from khue.foundation import clock, events, haste, scope
from khue.foundation.actor import SYSTEM, Actor
from khue.moves import tasks
from khue.procedures import actions as procedures
from khue.procedures import queries as cases
from khue.procedures.models import Case, Step
from khue.registry.models import Organisation
from khue.schools.models import Enrolment
from tests import world as worlds


def nothing_lost(_path: str) -> str:
    return ""


class Line(httpx.BaseTransport):
    """The line to a node. `loses` says of each request, by its address, what is lost: "request", "answer", ""."""

    def __init__(self, to: Node) -> None:
        self.to, self.loses, self.asked = to, nothing_lost, list[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body, path = request.read(), request.url.path.removeprefix("/api/exchange")
        self.asked.append(path)
        lost = self.loses(path)
        if lost == "request":
            raise httpx.ConnectError("cut")
        with self.to.at():
            answer = Client().generic(
                "POST", request.url.path, body, content_type="application/octet-stream",
                headers={"authorization": request.headers["authorization"]},
            )  # fmt: skip
        if lost == "answer":
            raise httpx.ReadError("lost")
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


@dataclass
class Place:
    """A node with one school of class 6A, and its line to the node above."""

    node: Node
    school: worlds.School
    line: Line | None

    def report(self) -> None:
        """The school tells the node above of itself, so that other nodes hear that it exists."""
        with self.node.inside():
            exchange.collect_school(actor=SYSTEM, school=self.school.organisation, at=clock.now())
        with self.node.at(), self.caller() as caller:
            conversing.send_everything(SYSTEM, self.peer(), caller)

    def peer(self):
        with scope.of(SYSTEM):
            return letters.peer_above()

    def caller(self):
        caller = reporting.caller_of(SYSTEM, self.peer())
        caller.transport = self.line
        return caller

    def list_schools(self) -> int:
        with self.node.at(), self.caller() as caller:
            return mailing.list_schools(SYSTEM, self.peer(), caller)

    def turn(self) -> bool:
        """One turn of the clock: say what is owed, hand over, fetch, read. Whether the line held."""
        is_well = True
        with self.node.at():
            tasks.keep_moving()
            try:
                if self.line is None:  # nobody stands above
                    mailing.read_arrived(SYSTEM)
                else:
                    with self.caller() as caller:
                        mailing.mail_with(SYSTEM, self.peer(), caller)
            except mailing.FAILURES:
                is_well = False
            with scope.of(SYSTEM):
                events.deliver_now()
        return is_well

    def minute(self) -> bool:
        """What a worker does in a minute: events, what they hasten, reports and letters. Whether the line held."""
        told = happen(self.node)
        if self.line is None:
            return True
        try:
            if exchange_tasks.REPORT in told:
                with self.node.at(), self.caller() as caller:
                    conversing.send_everything(SYSTEM, self.peer(), caller)
            with self.node.at(), self.caller() as caller:
                mailing.mail_with(SYSTEM, self.peer(), caller)
        except mailing.FAILURES:
            return False
        happen(self.node)
        return True

    def does(self, task: str, by: worlds.Account, **given: str) -> Case:
        with self.node.at():
            with scope.of(SYSTEM):
                actor = worlds.actor(by)
                step = Step.objects.select_related("case").get(task=task, done_at=None)
            with scope.of(actor):
                return procedures.do_step(actor=actor, step=step, given=given, at=clock.now())

    def places(self) -> list[tuple[str, str]]:
        """Who is in a class here: given name's pupils by name and first day."""
        with self.node.inside():
            rows = Enrolment.objects.filter(ends_on=None).order_by("person__full_name")
            return [(row.person.full_name, f"{row.starts_on}") for row in rows.select_related("person")]

    def call(self, function: Callable[[], object]) -> object:
        return self.node.call(function)


@dataclass
class Country:
    """The old school in one province, the new one in another; letters go by way of the Ministry's node."""

    ministry: Node
    old: Place
    new: Place

    def turns(self, count: int = 3) -> None:
        for _ in range(count):
            self.new.turn()
            self.old.turn()

    @property
    def child(self):
        return self.old.school.enrolments[0].person


def happen(at: Node) -> set[str]:
    """Deliver what was published at a node, and list schools where that is hastened. Returns what else is."""
    chores = (exchange_tasks.BELOW, exchange_tasks.MAIL, exchange_tasks.REPORT)
    wanted: set[str] = set()
    for chore in chores:
        haste.taken(chore)  # of another node
    with at.at():
        while True:
            with scope.of(SYSTEM):
                events.deliver_now()
            found = {chore for chore in chores if haste.taken(chore)}
            wanted |= found
            if exchange_tasks.BELOW not in found:
                return wanted
            exchange_tasks.list_schools_below()


def filed(at: Place, child, by: Actor, **more: object) -> Case:
    """The mother files at the new school, as anybody may."""
    with at.node.at(), scope.of(by):
        filing = procedures.Filing(
            definition=cases.shipped_definition("transfer-far", clock.today()),
            organisation=at.school.organisation, applicant_name="Nguyễn Thị Mẹ", subject_name=child.full_name,
            born_on=worlds.date(2015, 3, 2), phone="0901234567",
            given={"school_left": "THCS Mỹ An", "number": NUMBER, "why": "Gia đình chuyển chỗ ở", **more},
        )  # fmt: skip
        return procedures.file_case(actor=by, filing=filing, at=clock.now())


NUMBER = "082215000123"


def _place(made: Node, department: str, school: str, code: str) -> worlds.School:
    with made.inside():
        root = worlds.organisation("department", f"Sở GD&ĐT {department}")
        Organisation.objects.filter(id=root.id).update(code=f"{code[:2]}")
        built = worlds.school(school, root, worlds.maths_subject(), 3)
        Organisation.objects.filter(id=built.organisation.id).update(code=code, level_groups="03")
        built.organisation.refresh_from_db()
        exchange.name_node(actor=SYSTEM, organisation=root)
    return built


def _departments_of(ministry: Node) -> list[Organisation]:
    """The Ministry on its node, and the two departments below it."""
    with ministry.inside():
        root = worlds.organisation("ministry", "Bộ Giáo dục và Đào tạo")
        bodies = [worlds.organisation("department", f"Sở GD&ĐT {name}", root) for name in ("Đồng Tháp", "Huế")]
        for body, code in zip(bodies, ("82", "46"), strict=True):
            Organisation.objects.filter(id=body.id).update(code=code)
        exchange.name_node(actor=SYSTEM, organisation=root)
    return bodies


@contextmanager
def country() -> Iterator[Country]:
    """Everything introduced, reported and listed. The first pupil of the old school has a number."""
    with node("old") as old, node("new") as new, node("ministry") as ministry:
        schools = [_place(old, "Đồng Tháp", "THCS Mỹ An", "82300011"), _place(new, "Huế", "THCS Vỹ Dạ", "46300022")]
        bodies = _departments_of(ministry)
        places = []
        for made, body, built in zip((old, new), bodies, schools, strict=True):
            introduce(made, ministry, body, built.organisation.parent)
            places.append(Place(made, built, Line(ministry)))
        found = Country(ministry, *places)
        with old.inside():
            found.child.national_id = NUMBER
            found.child.save(update_fields=["national_id"])
        for place in places:
            place.report()
        for place in places:
            assert place.list_schools() == 1
        yield found


@dataclass
class Chain(Country):
    """Both schools have a node of their own, each below its department's, and those below the Ministry's."""

    departments: list[Place]

    def turns(self, count: int = 3) -> None:
        """The clock of every node comes round: after one, a word has gone from end to end, either way."""
        for _ in range(count):
            for place in (self.new, *reversed(self.departments), self.old, *self.departments, self.new):
                place.turn()

    @property
    def places(self) -> list[Place]:
        return [self.old, *self.departments, self.new]


def own_node(below: Node, above: Place, name: str, code: str) -> Place:
    """A school of a department with a node of its own."""
    with below.inside():
        built = worlds.school(name, None, worlds.maths_subject(), 3)
        Organisation.objects.filter(id=built.organisation.id).update(code=code, level_groups="03")
        built.organisation.refresh_from_db()
        exchange.name_node(actor=SYSTEM, organisation=built.organisation)
    with above.node.inside():
        body = worlds.organisation("school", name, above.school.organisation.parent)
        Organisation.objects.filter(id=body.id).update(code=code)
    introduce(below, above.node, body, built.organisation)
    return Place(below, built, Line(above.node))


@contextmanager
def chain() -> Iterator[Chain]:
    """Five nodes, introduced; the schools have reported, and every node has heard of every school by its own turns."""
    with (
        node("ministry") as ministry, node("dongthap") as one, node("hue") as other, node("old") as old,
        node("new") as new,
    ):  # fmt: skip
        bodies = _departments_of(ministry)
        departments = []
        for made, body, name, code in zip(
            (one, other), bodies, ("Đồng Tháp", "Huế"), ("82300099", "46300099"), strict=True
        ):
            built = _place(made, name, f"THCS Số 9 {name}", code)
            with made.inside():
                top = built.organisation.parent
            introduce(made, ministry, body, top)
            departments.append(Place(made, built, Line(ministry)))
        found = Chain(
            ministry, own_node(old, departments[0], "THCS Mỹ An", "82300011"),
            own_node(new, departments[1], "THCS Vỹ Dạ", "46300022"), departments,
        )  # fmt: skip
        with old.inside():
            found.child.national_id = NUMBER
            found.child.save(update_fields=["national_id"])
        for place in (found.old, found.new, *departments):
            place.report()
        for place in departments:
            with place.node.at():
                assert exchange_tasks.list_schools_below() == 1
        for place in (*departments, *departments, found.old, found.new):
            assert place.turn()
            place.list_schools()
        yield found


@contextmanager
def school_and_department() -> Iterator[Country]:
    """A school on its own node, the old one, and its department's node with another school, the new one."""
    with node("school") as below, node("department") as above:
        new = _place(above, "Đồng Tháp", "THCS Vỹ Dạ", "82300022")
        with below.inside():
            built = worlds.school("THCS Mỹ An", None, worlds.maths_subject(), 3)
            Organisation.objects.filter(id=built.organisation.id).update(code="82300011", level_groups="03")
            built.organisation.refresh_from_db()
            exchange.name_node(actor=SYSTEM, organisation=built.organisation)
        with above.inside():
            body = worlds.organisation("school", "THCS Mỹ An", new.organisation.parent)
            Organisation.objects.filter(id=body.id).update(code="82300011")
        introduce(below, above, body, built.organisation)
        found = Country(above, Place(below, built, Line(above)), Place(above, new, None))
        with below.inside():
            found.child.national_id = NUMBER
            found.child.save(update_fields=["national_id"])
        found.old.report()
        with above.at():
            assert exchange_tasks.list_schools_below() == 1
        assert found.old.list_schools() == 1
        yield found
