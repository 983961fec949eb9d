"""Voluntary fees: billed only for whose family said yes; and the catalogue of usual fees."""

from datetime import date

import pytest

from khue.foundation.errors import Forbidden
from khue.payments import actions, queries
from khue.payments.actions import Charge
from khue.payments.catalogue import Voluntary, usual_fees
from khue.payments.extensions import Span
from khue.payments.models import Answer, FeeItem, Invoice
from khue.payments.queries import Asked, Plan
from khue.payments.refusals import MayNotBeCollected, MustBeVoluntary, NotAgreed, NotVoluntary
from khue.payments.tests.books import Office, office
from khue.registry.models import Guardianship, Organisation
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def fee(here: Office, kind: str = "", *, is_voluntary: bool = True, amount: int = 50_000) -> FeeItem:
    return actions.set_fee(
        actor=here.clerk, account=here.account, name="Câu lạc bộ", legal_basis="Thoả thuận", base="month",
        amount=amount, is_voluntary=is_voluntary, valid_from=date(2026, 9, 1), kind=kind,
    )  # fmt: skip


def plan(here: Office, item: FeeItem) -> Plan:
    span = Span(here.school.organisation.id, date(2026, 11, 1), date(2026, 11, 30))
    return Plan("Tháng 11", span, ("school",), (Asked(item), Asked(here.fee)), True, TODAY, date(2026, 12, 5))


def test_only_families_that_said_yes_are_billed_for_a_voluntary_fee(here: Office) -> None:
    club = fee(here)
    yes, no, changed = here.children[:3]
    here.agree(club, yes, changed)
    here.agree(club, no, changed, says_yes=False)

    draft = queries.draft_of(plan(here, club))

    assert [(item.name, children) for item, children, _total in draft.totals] == [("Câu lạc bộ", 1), ("Nước uống", 3)]
    assert draft.unwilling == 2
    actions.bill(actor=here.clerk, plan=plan(here, club), at=NOON)
    assert sorted(Invoice.objects.values_list("total", flat=True)) == [100_000, 100_000, 150_000]


def test_no_door_bills_a_voluntary_fee_without_a_yes(here: Office) -> None:
    club = fee(here)
    here.agree(club, here.children[0])

    with pytest.raises(NotAgreed):
        actions.issue_invoices(
            actor=here.clerk, organisation_id=here.school.organisation.id, title="Tháng 11",
            charges=[Charge(child.id, club) for child in here.children[:2]], issued_on=TODAY, due_on=TODAY, at=NOON,
        )  # fmt: skip

    assert not Invoice.objects.exists()


def test_another_price_is_asked_anew(here: Office) -> None:
    club = fee(here)
    here.agree(club, here.children[0])
    dearer = actions.set_fee(
        actor=here.clerk, account=here.account, name="Câu lạc bộ", legal_basis="Thoả thuận", base="month",
        amount=80_000, is_voluntary=True, valid_from=date(2026, 11, 1),
    )  # fmt: skip

    assert queries.draft_of(plan(here, dearer)).unwilling == 3


def test_a_mother_says_yes_and_no_on_her_page_and_the_latest_holds(here: Office, world: World, client_of) -> None:
    club, child = fee(here), here.children[0]
    client = client_of(world.here.guardians[0])
    form = {"fee": str(club.public_id), "child": str(child.public_id)}

    page = client.get("/payments/").content.decode()
    assert "Chưa trả lời" in page
    assert "Không tham gia cũng không ảnh hưởng" in page
    client.post("/payments/answers/", form | {"says": "yes"})
    client.post("/payments/answers/", form | {"says": "no"})

    assert list(Answer.objects.order_by("id").values_list("child_id", "says_yes", "on_paper")) == [
        (child.id, True, False), (child.id, False, False)]  # fmt: skip
    assert "Không tham gia" in client.get("/payments/").content.decode()
    assert client.post("/payments/answers/", form | {"says": "perhaps"}).status_code == 404


def test_nobody_answers_for_a_child_that_is_not_theirs_to_decide_for(here: Office, world: World, client_of) -> None:
    club, child = fee(here), here.children[0]
    Guardianship.objects.filter(child=here.children[2]).update(may_decide=False)
    form = {"fee": str(club.public_id), "child": str(child.public_id), "says": "yes"}

    for nobody in (world.here.guardians[1], world.here.teacher, world.here.pupils[0], world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            actions.answer_fee(actor=actor(nobody), item=club, child=child, says_yes=True, at=NOON)
        assert client_of(nobody).post("/payments/answers/", form).status_code == 404
        assert client_of(nobody).get(f"/payments/fees/{club.public_id}/answers/").status_code in (403, 404)
    with pytest.raises(Forbidden):
        actions.answer_fee(
            actor=actor(world.here.guardians[2]), item=club, child=here.children[2], says_yes=True, at=NOON
        )
    with pytest.raises(NotVoluntary):
        actions.answer_fee(actor=here.clerk, item=here.fee, child=child, says_yes=True, at=NOON)
    assert not Answer.objects.exists()


def test_the_office_writes_down_what_was_signed_on_paper(here: Office, world: World, client_of) -> None:
    club, child = fee(here), here.children[1]
    client = client_of(world.here.clerk)
    address = f"/payments/fees/{club.public_id}/answers/"

    assert child.full_name in client.get(f"{address}?q=nguyen van b").content.decode()
    client.post(address, {"q": "nguyen van b", "child": str(child.public_id), "says": "yes"})

    answer = Answer.objects.get()
    assert (answer.child, answer.says_yes, answer.on_paper) == (child, True, True)
    assert "Đồng ý" in client.get(address).content.decode()
    assert client.get(f"/payments/fees/{here.fee.public_id}/answers/").status_code == 404


def test_the_catalogue_states_what_every_fee_rests_on() -> None:
    fees = usual_fees()

    assert all(usual.legal_basis and usual.source and usual.base in FeeItem.Base.values for usual in fees.values())
    assert fees["tuition"].verified
    assert not fees["health_insurance"].verified
    assert fees["e_contact"].must_be_voluntary
    assert {usual.voluntary for usual in fees.values()} == set(Voluntary)
    assert all(usual.why for usual in fees.values() if not usual.is_for_public)


def test_what_the_law_forbids_or_leaves_to_the_family_is_not_set(here: Office) -> None:
    for kind in ("tuition", "parents_fund"):
        with pytest.raises(MayNotBeCollected):
            fee(here, kind)
    with pytest.raises(MustBeVoluntary):
        fee(here, "e_contact", is_voluntary=False)
    assert FeeItem.objects.count() == 1

    Organisation.objects.filter(id=here.school.organisation.id).update(ownership="3")
    here.account.refresh_from_db()
    assert fee(here, "tuition", is_voluntary=False).kind == "tuition"


def test_a_school_picks_a_fee_from_the_catalogue(here: Office, world: World, client_of) -> None:
    client = client_of(world.here.clerk)

    listed = client.get("/payments/fees/catalogue/").content.decode()
    form = client.get("/payments/fees/new/?kind=meals").content.decode()

    assert "miễn học phí" in listed
    assert "kind=tuition" not in listed
    assert "Tiền ăn bán trú" in form
    assert "chưa được kiểm chứng" in form
    sent = {"account": str(here.account.public_id), "name": "Quỹ lớp", "legal_basis": "x", "base": "year",
            "amount": "100000", "valid_from": "01/09/2026", "kind": "parents_fund"}  # fmt: skip
    assert client.post("/payments/fees/new/", sent).status_code == 422
    assert FeeItem.objects.count() == 1
