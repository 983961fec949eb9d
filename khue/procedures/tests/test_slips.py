"""Papers of the one-stop office: printed from the case, and what of them an applicant reads."""

from datetime import date

import pytest
from django.test import Client

from khue.foundation import paper
from khue.foundation.models import AuditRow
from khue.procedures import labels
from khue.procedures.models import Case, Definition, Slip
from khue.procedures.tests.drawn import published
from khue.procedures.tests.test_pages import filed
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition(world: World) -> Definition:
    return published(world.here.organisation)


def test_a_late_case_is_apologised_for_on_paper_and_on_the_tracking_page(
    world: World, definition: Definition, client_of
) -> None:
    case = filed(definition)
    Case.objects.update(due_on=date(2026, 11, 20))
    office, proof = client_of(world.here.clerk), {"code": case.code, "born_on": "02/03/2015"}
    listed = office.get("/procedures/cases/").content.decode()
    assert "Quá hạn" in listed

    asked = {"promised_on": "2030-01-02", "reason": "Văn thư nghỉ ốm"}
    assert office.post(f"/procedures/cases/{case.public_id}/apology/", asked).status_code == 303

    html = Client().post("/procedures/follow/", proof).content.decode()
    assert "hẹn lại ngày 02/01/2030" in html
    assert "Lý do: Văn thư nghỉ ốm" in html
    slip = Slip.objects.get(kind="apology")
    address = f"/procedures/cases/{case.public_id}/papers/{slip.public_id}.pdf"
    assert address in office.get(f"/procedures/cases/{case.public_id}/").content.decode()
    printed = office.get(address)
    assert (printed.status_code, printed["Content-Type"], printed.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert AuditRow.objects.get(verb="case.slip_opened").details["kind"] == "apology"
    assert client_of(world.elsewhere.clerk).get(address).status_code == 404


def test_a_family_without_an_account_takes_its_receipt(world: World, definition: Definition) -> None:
    case = filed(definition)
    proof = {"code": case.code, "born_on": "02/03/2015"}
    assert 'name="slip" value="receipt"' in Client().post("/procedures/follow/", proof).content.decode()

    taken = Client().post("/procedures/follow/answer/", {**proof, "how": "slip", "slip": "receipt"})

    assert (taken.status_code, taken["Content-Type"], taken.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert taken["Cache-Control"] == "no-store"
    assert AuditRow.objects.get(verb="case.slip_opened").details["kind"] == "receipt"
    for wrong, status in (
        ({**proof, "slip": "refusal"}, 404), ({**proof, "slip": ""}, 404),
        ({**proof, "slip": "receipt", "born_on": "03/03/2015"}, 422),
    ):  # fmt: skip
        assert Client().post("/procedures/follow/answer/", {**wrong, "how": "slip"}).status_code == status
    assert AuditRow.objects.filter(verb="case.slip_opened").count() == 1


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("receipt", {"received_on": "23/11/2026", "due_on": "01/12/2026"}, "Hẹn trả kết quả ngày 01/12/2026"),
        ("supplement", {"wanted": "Giấy khai sinh"}, "Giấy khai sinh"),
        ("apology", {"due_on": "20/11/2026", "promised_on": "02/12/2026", "reason": "Ốm."}, "Lý do: Ốm.</p>"),
        ("refusal", {"reason": "Quá tuổi"}, "Lý do: Quá tuổi"),
    ],
)
def test_each_paper_says_what_it_is_for(definition: Definition, kind: str, content: dict[str, str], said: str) -> None:
    case = filed(definition)
    slip = Slip(case=case, kind=kind, number=7, year=2026, content=content, issued_at=NOON)

    told = {"case": case, "slip": slip, "title": labels.SLIPS[slip.kind], "channel": "x", "above": ""}
    html = paper.html("procedures/paper/slip.html", told)

    assert said in html
    assert "Số: 7/2026" in html
    assert f"Mã hồ sơ: {case.code}" in html
