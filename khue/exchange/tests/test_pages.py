"""Pages of the exchange: who sees what, what each costs, and what the files hold."""

import json
from collections import Counter
from html import escape
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.exchange import actions, ndc, queries
from khue.exchange.forms import GROUPS, declarable
from khue.exchange.models import DeclaredFact, Passage, Peer, ReportedRecord, SchoolQuality, StaleSchool, ValidationRule
from khue.exchange.tests.conftest import NodeBelow
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.registry.models import Organisation, Person
from khue.schools.models import Connection
from tests.world import NOON, World, actor, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected(named: World) -> World:
    """The world with its first school collected; one pupil has an impossible number."""
    here = named.here.organisation
    Organisation.objects.filter(id=here.id).update(code="82300011", level_groups="03")
    here.refresh_from_db()
    Person.objects.filter(id=named.here.enrolments[0].person_id).update(national_id="12")
    actions.collect_school(actor=SYSTEM, school=here, at=NOON)
    return named


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_clerk_finds_the_row_to_mend_by_its_name(collected: World, client_of):
    text = shown(client_of(collected.here.clerk), "/exchange/work/")

    person = collected.here.enrolments[0].person
    assert "Nguyễn Văn A" in text
    assert f"/people/{person.public_id}/correct/" in text
    assert "Số định danh cá nhân phải có đúng 12 chữ số." in text


def test_the_department_sees_peers_scores_and_lag(collected: World, below: NodeBelow, client_of):
    below.accept(below.batch(below.record("a"), below.record("b", makhoi="99")))

    officer = client_of(collected.department_officer)
    with CaptureQueriesContext(connection) as of_one:
        text = shown(officer, "/exchange/")
    for number in range(20):
        Peer.objects.create(
            organisation=below.peer.organisation, name=f"Xã {number}", node=uuid4(), direction=below.peer.direction,
            admitted_at=NOON,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as of_many:
        many = shown(officer, "/exchange/")

    assert escape(below.peer.name) in text
    assert escape("Xã 19") in many
    assert len(of_one) == len(of_many) == 13
    assert "THCS Mỹ An" in shown(client_of(collected.department_officer), "/exchange/quality/")
    peer = shown(client_of(collected.department_officer), f"/exchange/peers/{below.peer.public_id}/")
    assert "1 / 1" in peer


def test_a_school_sees_its_own_and_nobody_elses(collected: World, below: NodeBelow, client_of):
    below.accept(below.batch(below.record("b", makhoi="99")))
    head, other = client_of(collected.here.head), client_of(collected.elsewhere.head)

    assert below.record().MaTruong not in shown(head, "/exchange/work/")
    assert "Nguyễn Văn A" not in shown(other, "/exchange/work/")
    here = collected.here.organisation.public_id
    for address in (f"/exchange/schools/{here}/", f"/exchange/schools/{here}/pupil.json"):
        assert other.get(address).status_code == 404
    assert head.get(f"/exchange/peers/{below.peer.public_id}/").status_code == 404
    assert Passage.objects.filter(deed="exported").count() == 0


@pytest.mark.parametrize(
    "address",
    ["", "work/", "recovered/", "quality/", "log/", "facts/", "schools/{school}/", "schools/{school}/pupil.xml",
     "peers/{peer}/"],
)  # fmt: skip
def test_outsiders_find_nothing(collected: World, below: NodeBelow, client_of, client, address: str):
    path = "/exchange/" + address.format(school=collected.here.organisation.public_id, peer=below.peer.public_id)

    for who in (collected.here.teacher, collected.here.pupils[0], collected.here.guardians[0]):
        assert client_of(who).get(path).status_code in (403, 404)
    assert client.get(path).status_code in (302, 303, 403, 404)


def test_files_of_a_school_hold_what_the_specification_names(collected: World, client_of):
    school, clerk = collected.here.organisation, client_of(collected.here.clerk)
    address = f"/exchange/schools/{school.public_id}/pupil_identity"

    rows = json.loads(clerk.get(f"{address}.json").content)
    by_xml = ndc.records_of_xml(clerk.get(f"{address}.xml").content)
    book = openpyxl.load_workbook(BytesIO(b"".join(clerk.get(f"{address}.xlsx").streaming_content)))

    assert [row["hovaten"] for row in rows] == [record.DuLieu["hovaten"] for record in by_xml]
    assert rows[0].keys() >= {"IdBanGhi", "SuKien", "PhienBan", "ThoiGianCapNhat", "NgayCapNhat", "gioitinh"}
    headings = [cell.value for cell in book.active[1]]
    assert headings[:4] == [
        "Mã định danh Bộ GD&ĐT", "Số định danh cá nhân *", "Số giấy tờ xuất nhập cảnh", "Họ và tên *",
    ]  # fmt: skip
    assert {row[3].value for row in book.active.iter_rows(min_row=2)} == {row["hovaten"] for row in rows}
    assert (
        list(Passage.objects.filter(deed="exported").values_list("records", "actor_name")) == [(3, "Phạm Thu Cúc")] * 3
    )


def test_an_officer_reads_in_a_file_only_what_that_level_may_see(collected: World, client_of):
    school = collected.here.organisation
    address = f"/exchange/schools/{school.public_id}/pupil_identity.json"

    officer = json.loads(client_of(collected.ministry_officer).get(address).content)
    clerk = json.loads(client_of(collected.here.clerk).get(address).content)

    assert all("me" in row for row in clerk)
    assert all({"me", "cha", "noicutru"}.isdisjoint(row) for row in officer)
    read = Passage.objects.filter(deed="exported", kinds={"pupil_identity": len(officer)})
    assert read.count() == 2  # who reads is written down


def test_a_school_says_of_itself_what_no_row_knows(collected: World, client_of):
    head = client_of(collected.here.head)
    assert "Có điện lưới" in shown(head, "/exchange/facts/")

    answer = head.post("/exchange/facts/", {"CoDienLuoi": "1", "CoNguonNuocSach": "0", "sodiemtruong": "2"})

    assert answer.status_code == 303
    assert dict(DeclaredFact.objects.values_list("field", "value")) == {
        "CoDienLuoi": 1, "CoNguonNuocSach": 0, "sodiemtruong": 2,
    }  # fmt: skip
    assert StaleSchool.objects.count() == 1
    actions.collect_school(actor=SYSTEM, school=collected.here.organisation, at=NOON)
    payload = ReportedRecord.objects.get(kind="school").payload
    assert (payload["CoDienLuoi"], payload["CoNguonNuocSach"], "CoChiBoDang" in payload) == (1, 0, False)


def test_a_school_is_not_asked_what_its_rows_say(collected: World, client_of):
    school = collected.here.organisation
    Connection.objects.create(organisation=school, kind="fibre")
    organisation("campus", "Điểm Gò Tháp", school)

    told = shown(client_of(collected.here.head), "/exchange/facts/")
    actions.collect_school(actor=SYSTEM, school=school, at=NOON)

    assert 'name="DuocKetNoiInternet"' not in told
    assert 'name="CoDienLuoi"' in told
    payload = ReportedRecord.objects.get(kind="school").payload
    assert (payload["DuocKetNoiInternet"], payload["sodiemtruong"]) == (1, 1)
    # No row of a computer is no proof that the school has none.
    assert "CoSuDungMayViTinh" not in payload


def test_every_field_that_is_asked_has_a_place_on_the_page():
    grouped = [name for _title, names in GROUPS for name in names]

    assert sorted(grouped) == sorted(field.name for field in declarable())


def test_nobody_declares_for_another_school(collected: World):
    head = actor(collected.elsewhere.head)

    with pytest.raises(Forbidden):
        actions.declare_facts(actor=head, school=collected.here.organisation, facts={"fax": "1"}, at=NOON)

    assert DeclaredFact.objects.count() == 0


def test_the_score_is_the_share_of_checks_that_found_nothing(collected: World):
    rows = {row.kind: row for row in SchoolQuality.objects.all()}

    identity = rows["pupil_identity"]
    assert (identity.records, identity.errors, identity.faultless + identity.warnings) == (3, 1, 2)
    assert identity.by_rule["number_form"] == 1
    (score,) = queries.visible_scores(actor(collected.department_officer))
    rules = Counter(ValidationRule.objects.values_list("kind", flat=True))
    made = sum(row.records * rules[kind] for kind, row in rows.items())
    missed = sum(sum(row.by_rule.values()) for row in rows.values())
    assert 0 < missed < made
    assert score.percent == 100 * (1 - missed / made)
    assert score.missed == round(1_000_000 * missed / made)
    assert list(queries.visible_scores(actor(collected.elsewhere.head))) == []


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize("address", ["", "work/", "quality/", "log/"])
def test_a_page_costs_the_same_for_ten_times_the_rows(collected: World, below: NodeBelow, client_of, address: str):
    officer = client_of(collected.department_officer)
    below.accept(below.batch(*(below.record(f"k{n}", makhoi="99") for n in range(3)), number=1))
    few = queries_of(officer, f"/exchange/{address}")
    below.accept(below.batch(*(below.record(f"m{n}", makhoi="99") for n in range(30)), number=2))

    many = queries_of(officer, f"/exchange/{address}")

    assert many == few <= 15
