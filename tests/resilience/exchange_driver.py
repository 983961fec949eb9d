"""Does what a story asks for inside one node: a line of JSON in, a line of JSON out."""

import json
import sys
from dataclasses import asdict

import django

django.setup()

import httpx  # noqa: E402  Django first
import msgspec  # noqa: E402

from khue.exchange import actions, queries  # noqa: E402
from khue.exchange.actions import conversing  # noqa: E402
from khue.exchange.client import Caller, PeerUnreachable  # noqa: E402
from khue.exchange.models import HeldRecord, Passage, ReportedRecord  # noqa: E402
from khue.exchange.signatures import Signer  # noqa: E402
from khue.foundation import clock, scope  # noqa: E402
from khue.foundation.actor import SYSTEM  # noqa: E402
from khue.registry.models import Organisation, Person  # noqa: E402
from tests import world  # noqa: E402

TIMEOUT = httpx.Timeout(8.0, connect=2.0)


def ready() -> str:
    """It is up."""
    return "ready"


def build_school(code: str, name: str, pupils: int) -> None:
    """A school on its own node."""
    made = world.school(name, None, world.maths_subject(), pupils)
    Organisation.objects.filter(id=made.organisation.id).update(code=code, level_groups="03")
    _name(code)


def build_department(code: str, schools: dict[str, str], own: str) -> None:
    """A department that knows these schools by code, and keeps the rows of one more itself."""
    root = _body("department", "Sở GD&ĐT Đồng Tháp", None, code)
    for school, name in schools.items():
        _body("school", name, root, school)
    made = world.school("THPT Tháp Mười", root, world.maths_subject(), 4)
    Organisation.objects.filter(id=made.organisation.id).update(code=own, level_groups="04")
    for pupil in Person.objects.filter(organisation=made.organisation, full_name__startswith="Nguyễn Văn"):
        pupil.full_name = pupil.full_name.replace("Nguyễn", "Đỗ")  # no namesakes of the other school
        pupil.save()
    _name(code)


def build_ministry(department: str) -> None:
    """A ministry that knows its departments, and no schools."""
    root = _body("ministry", "Bộ Giáo dục và Đào tạo", None, "BO")
    _body("department", "Sở GD&ĐT Đồng Tháp", root, department)
    _name("BO")


def card(address: str) -> dict:
    """How the node introduces itself."""
    return asdict(queries.own_card(address))


def admit(card: dict, body: str) -> None:
    """Exchange with another node."""
    told = msgspec.convert(card, actions.Card)
    actions.admit_peer(
        actor=SYSTEM, card=told, organisation=Organisation.objects.get(code=body), at=clock.now()
    )  # fmt: skip


def collect(code: str) -> None:
    """Gather what a school reports."""
    school = Organisation.objects.get(code=code)
    actions.collect_school(actor=SYSTEM, school=school, at=clock.now())


def born(name: str, day: int, code: str) -> None:
    """A pupil's birth day is corrected, and collected."""
    assert Person.objects.filter(full_name=name).update(birth_day=day) == 1
    collect(code)


def add_pupil(name: str, code: str) -> None:
    """A pupil comes to the class, and is collected."""
    place = Organisation.objects.get(code=code)
    made = world.person(name, place, "pupil", birth_year=2014, birth_month=1, birth_day=1)
    one = world.Enrolment.objects.filter(organisation=place).first()
    world.Enrolment.objects.create(
        organisation=place, person=made, school_class=one.school_class, starts_on=world.YEAR_START
    )
    collect(code)


def birthdays() -> dict[str, str]:
    """What this node holds of pupils' birth days, by name."""
    rows = ReportedRecord.objects.filter(kind="pupil_identity").exclude(event="CANCEL")
    return {row.payload["hovaten"]: row.payload.get("ngaythangnamsinh", "") for row in rows}


def told() -> list:
    """What this node reports to the one above."""
    rows = ReportedRecord.objects.filter(errors=0).order_by("kind", "key")
    return [[r.kind, r.key, r.version, bytes(r.sent_hash).hex()] for r in rows]


def heard() -> list:
    """What this node has of those below."""
    rows = ReportedRecord.objects.exclude(peer=None).order_by("kind", "key")
    return [[r.kind, r.key, r.version, bytes(r.content_hash).hex()] for r in rows]


def received() -> int:
    """How many times records were taken in, of how many batches."""
    rows = Passage.objects.filter(deed="received").values_list("batch", flat=True)
    return len(rows) - len(set(rows))


def held() -> int:
    """Open lines of the work lists."""
    return HeldRecord.objects.filter(mended_at=None).count()


def send(batch: int = 5000) -> dict:
    """One conversation with the node above, in batches of so many records."""
    peer = queries.peer_above()
    with _caller(peer) as caller:
        try:
            _in_small(peer, batch)
            told = conversing.send_everything(SYSTEM, peer, caller)
            conversing.take_lines(SYSTEM, peer, caller)
        except PeerUnreachable as error:
            return {"unreachable": str(error)}
        return {**asdict(told), "clock": caller.clock_seconds}


def shuffle(batch: int) -> int:
    """Everything that is new, in small batches, sent backwards and each twice; nothing is acknowledged here."""
    peer = queries.peer_above()
    _in_small(peer, batch)
    with scope.of(SYSTEM):
        waiting = queries.unsettled(peer)
    with _caller(peer) as caller:
        for one in reversed(waiting):
            assert not caller.send(bytes(one.content)).repeated
            assert caller.send(bytes(one.content)).repeated
    return len(waiting)


def _in_small(peer, batch: int) -> None:
    if batch < 5000:
        with scope.of(SYSTEM):
            while actions.make_batch(actor=SYSTEM, peer=peer, at=clock.now(), limit=batch):
                continue


def _caller(peer) -> Caller:
    with scope.of(SYSTEM):
        this = queries.this_node()
    signer = Signer(str(this.node), this.key_generation)
    return Caller(signer, str(peer.node), peer.address, peer.keys, timeout=TIMEOUT)


def _body(kind: str, name: str, parent, code: str) -> Organisation:
    made = world.organisation(kind, name, parent)
    Organisation.objects.filter(id=made.id).update(code=code)
    made.refresh_from_db()
    return made


def _name(code: str) -> None:
    actions.name_node(actor=SYSTEM, organisation=Organisation.objects.get(code=code))


#: Those that are conversations make their own transactions.
CONVERSATIONS = {"send", "shuffle"}


def _do(deed: str, given: dict) -> object:
    function = globals()[deed]
    if deed not in CONVERSATIONS:
        with scope.of(SYSTEM):
            return function(**given)
    with django.db.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', '*', false)")
    return function(**given)


def main() -> None:
    """Until nobody asks any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"value": _do(asked.pop("deed"), asked)}
        except Exception as error:  # the outermost door: the story wants to know
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
