"""Handing a school's rows back and taking them back on pages: who may, what it costs, who is told."""

import pytest
from joserfc.jwk import OKPKey

from khue.exchange import actions, handings, queries, signatures, tasks
from khue.exchange.models import HeldRecord, Peer, ReportedRecord
from khue.exchange.tests.conftest import NodeBelow, _Signer, card_of
from khue.exchange.tests.test_pages import queries_of
from khue.foundation import events, haste, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.messaging.models import Delivery
from khue.registry.models import Organisation
from tests import world as builders
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(world: World) -> Peer:
    """The node of the first school, which keeps its rows; its department's node above it."""
    school = world.here.organisation
    Organisation.objects.filter(id=school.id).update(code="82300011", level_groups="03")
    school.refresh_from_db()
    actions.load_reference(actor=SYSTEM)
    actions.name_node(actor=SYSTEM, organisation=school)
    card = card_of(OKPKey.generate_key("Ed25519"), "department", "Sở GD&ĐT", "82")
    peer = actions.admit_peer(actor=SYSTEM, card=card, organisation=school, at=NOON)
    actions.collect_school(actor=SYSTEM, school=school, at=NOON)
    return peer


@pytest.fixture
def handed(below: NodeBelow, named: World) -> NodeBelow:
    """A school's own node that has told of a class and of itself, and has handed back."""
    school = below.record("school.1", kind="school", tentruong="THCS", matruong=below.school)
    below.accept(below.batch(below.record("class.1"), school))
    note(below)
    below.peer.refresh_from_db()
    return below


def note(below: NodeBelow) -> bool:
    peer = Peer.objects.get(id=below.peer.id)
    claims = handings.HandingBack(
        typ=handings.BACK, iss=str(peer.node), aud=below.receiver, at=NOON.isoformat(), since="",
        root=handings.root_of(queries.leaves_told(peer)), records=2,
    )  # fmt: skip
    line = _Signer(str(peer.node), below.key).sign(claims).encode()
    who = queries.actor_of(peer)
    with scope.of(who):
        return actions.note_handed_back(actor=who, peer=peer, line=line)


def test_a_head_hands_the_school_back(own: Peer, world: World, client_of):
    address = f"/exchange/peers/{own.public_id}/"
    page = client_of(world.here.head).get(address).content.decode()
    assert "Giao lại dữ liệu cho Sở GD&amp;ĐT?" in page

    assert "Giao lại" not in client_of(world.here.clerk).get(address).content.decode()
    for somebody in (world.here.clerk, world.elsewhere.head, world.department_officer, world.here.teacher):
        assert client_of(somebody).post(f"{address}hand-back/").status_code in (403, 404)
    assert not Peer.objects.exclude(handed_back_at=None).exists()
    assert client_of(world.here.head).post(f"{address}hand-back/").status_code == 303

    page = client_of(world.here.head).get(address).content.decode()
    assert "Chưa được ngừng máy này" in page
    assert "không tập hợp và báo cáo nữa" in client_of(world.here.head).get("/exchange/").content.decode()
    assert AuditRow.objects.filter(verb="school.handed_back").count() == 1
    events.deliver_now()
    assert haste.taken(tasks.REPORT)  # at the clock's next turn
    told = set(Delivery.objects.filter(message__kind="exchange").values_list("recipient_id", flat=True))
    assert {world.here.head.person_id, world.here.clerk.person_id} <= told
    again = client_of(world.here.head).post(f"{address}hand-back/")
    assert "Chỉ hệ thống riêng của một trường" in again.content.decode()


def test_what_is_open_is_listed_instead(own: Peer, world: World, client_of):
    record = ReportedRecord.objects.filter(kind="pupil").first()
    HeldRecord.objects.create(
        organisation=world.here.organisation, kind=record.kind, key=record.key, version=1, content_hash=b"",
        rule="pupil.code", message="", duty="clerk", held_at=NOON, peer=own,
    )  # fmt: skip
    address = f"/exchange/peers/{own.public_id}/"

    page = client_of(world.here.head).get(address).content.decode()
    refused = client_of(world.here.head).post(f"{address}hand-back/").content.decode()

    assert "1 bản ghi bị giữ lại cần sửa" in page
    assert "Giao lại dữ liệu cho" not in page
    assert "Chưa giao lại được. Còn 1 bản ghi bị giữ lại" in refused
    assert not Peer.objects.exclude(handed_back_at=None).exists()


def test_an_officer_takes_the_school_back(handed: NodeBelow, named: World, client_of):
    address, client = f"/exchange/peers/{handed.peer.public_id}/", client_of(named.department_officer)
    officer = builders.person("Lê Thị Sở", named.department, "staff")
    Account.objects.filter(id=named.department_officer.id).update(person=officer)
    page = client.get(address).content.decode()
    assert "Hồ sơ ở đây" in page
    assert "đã giao lại dữ liệu" in client.get("/exchange/").content.decode()

    for somebody in (named.elsewhere.head, named.elsewhere.clerk, named.here.head):
        assert client_of(somebody).post(f"{address}take-back/").status_code in (403, 404)
    assert "Nhận lại dữ liệu của" not in client_of(named.elsewhere.head).get(address).content.decode()
    assert not ReportedRecord.objects.filter(peer=None).exists()
    assert client.post(f"{address}take-back/").status_code == 303

    assert not ReportedRecord.objects.exclude(peer=None).exists()
    assert "Hệ thống này giữ và báo cáo lại từ" in client.get(address).content.decode()
    assert AuditRow.objects.filter(verb="school.taken_back").count() == 1
    events.deliver_now()
    assert haste.taken(tasks.REPORT)  # at the clock's next turn
    told = set(Delivery.objects.filter(message__kind="exchange").values_list("recipient_id", flat=True))
    assert {named.elsewhere.head.person_id, named.elsewhere.clerk.person_id, officer.id} <= told
    assert "chưa giao lại dữ liệu" in client.post(f"{address}take-back/").content.decode()


def test_an_officer_downloads_what_was_handed_over(below: NodeBelow, named: World, client_of):
    school = named.elsewhere.organisation
    Peer.objects.filter(id=below.peer.id).update(is_active=False)
    actions.collect_school(actor=SYSTEM, school=school, at=NOON)
    sealing = OKPKey.generate_key("X25519").as_dict(private=False)
    Peer.objects.filter(id=below.peer.id).update(
        is_active=True, keys=[*below.peer.keys, {**sealing, "use": "enc", "kid": "x"}]
    )
    client, address = client_of(named.department_officer), f"/exchange/peers/{below.peer.public_id}/"
    assert "không còn giữ dữ liệu nào" in client.post(f"{address}handing/").content.decode()
    client.post(f"{address}hand-over/")

    for somebody in (named.elsewhere.head, named.here.clerk):
        assert client_of(somebody).post(f"{address}handing/").status_code in (403, 404)
    assert "Tải tệp cho trường không có mạng" in client.get(address).content.decode()
    answer = client.post(f"{address}handing/")

    assert answer["Content-Disposition"] == f'attachment; filename="{school.code}.khue"'
    assert answer.content.startswith(b"KHUE-EXCHANGE-1\n")


def test_who_may_not_changes_no_keeper(handed: NodeBelow, named: World):
    """Heads of that school and of another, and the school's node itself; at the school, its clerk and an officer."""
    head, peer = actor(named.elsewhere.head), handed.peer
    for somebody in (head, actor(named.here.head), queries.actor_of(peer)):
        with scope.of(somebody), pytest.raises(Forbidden):
            actions.take_back_school(actor=somebody, peer=peer, at=NOON)
    for somebody in (actor(named.elsewhere.clerk), actor(named.department_officer), queries.actor_of(peer)):
        with scope.of(somebody), pytest.raises(Forbidden):
            actions.hand_back_school(actor=somebody, peer=peer, at=NOON)
    for somebody in (head, actor(named.department_officer)):
        with scope.of(somebody), pytest.raises(Forbidden):
            actions.note_handed_back(actor=somebody, peer=peer, line=b"")
    with scope.of(head), pytest.raises(actions.NotASchoolsOwnNode):  # a head, on the department's node
        actions.hand_back_school(actor=head, peer=peer, at=NOON)

    peer.refresh_from_db()
    assert (peer.is_active, peer.back_settled_at) == (True, None)
    assert not ReportedRecord.objects.filter(peer=None).exists()


def test_strangers_and_other_nodes_hand_nothing_back(below: NodeBelow, named: World, client):
    below.accept(below.batch(below.record("school.1", kind="school", tentruong="THCS", matruong=below.school)))
    stranger = OKPKey.generate_key("Ed25519")
    line = signatures.Signer(str(below.peer.node), 1)  # this node's own key, under the school's name
    assert client.post("/api/exchange/handed-back", b"", content_type="application/octet-stream").status_code == 401
    for signer in (line, _Signer(str(below.peer.node), stranger)):
        claims = handings.HandingBack(
            typ=handings.BACK, iss=str(below.peer.node), aud=below.receiver, at=NOON.isoformat(), since="", root="",
            records=1,
        )  # fmt: skip
        who = queries.actor_of(below.peer)
        with scope.of(who), pytest.raises(actions.HandingBackNotGenuine):
            actions.note_handed_back(actor=who, peer=below.peer, line=signer.sign(claims).encode())

    assert note(below) is True
    assert note(below) is False
    assert AuditRow.objects.filter(verb="school.hand_back_noted").count() == 1


def test_the_pages_cost_the_same_however_much_was_told(handed: NodeBelow, named: World, client_of):
    officer, address = client_of(named.department_officer), f"/exchange/peers/{handed.peer.public_id}/"
    client = queries_of(officer, address)
    many = [handed.record(f"class.{number}") for number in range(2, 42)]
    handed.accept(handed.batch(*many, number=2))
    note(handed)

    assert queries_of(officer, address) == client <= 15


def test_a_heads_page_costs_little(own: Peer, world: World, client_of):
    assert queries_of(client_of(world.here.head), f"/exchange/peers/{own.public_id}/") <= 15
