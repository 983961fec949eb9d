"""Pages of money, as a family and as the office sees them."""

import pytest

from khue.payments import payment_codes
from khue.payments.actions import take_lines
from khue.payments.lines import Line
from khue.payments.tests.books import Office, office
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Office:
    return office(world.here)


def test_a_mother_sees_what_is_asked_why_and_how_to_pay(here: Office, world: World, client_of) -> None:
    (invoice,) = here.bill(here.children[0], months=2)
    client = client_of(world.here.guardians[0])

    listed = client.get("/payments/").content.decode()
    html = client.get(f"/payments/{invoice.public_id}/").content.decode()

    assert "Thu tháng 11" in listed
    assert "Chưa nộp" in listed
    for text in ("Nước uống", "Nghị quyết của Hội đồng nhân dân tỉnh", here.children[0].full_name, "data:image/svg+xml",
                 payment_codes.code_of(invoice.id), "TRUONG THCS"):  # fmt: skip
        assert text in html


def test_the_code_is_kept_as_a_picture_for_the_bank_on_the_same_phone(here: Office, world: World, client_of) -> None:
    (invoice,) = here.bill(here.children[0])
    place = f"/payments/{invoice.public_id}/code.png"
    mother = client_of(world.here.guardians[0])

    kept = mother.get(place)

    assert (kept["Content-Type"], kept.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert kept["Content-Disposition"] == f'attachment; filename="{payment_codes.code_of(invoice.id)}.png"'
    assert f'href="{place}"' in mother.get(f"/payments/{invoice.public_id}/").content.decode()
    for stranger in (world.here.guardians[1], world.here.teacher, world.elsewhere.clerk):
        assert client_of(stranger).get(place).status_code == 404
    line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1")
    take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)
    assert mother.get(place).status_code == 404


def test_what_is_paid_has_no_code_to_scan(here: Office, world: World, client_of) -> None:
    (invoice,) = here.bill(here.children[0])
    line = Line(TODAY, 100_000, payment_codes.code_of(invoice.id), "FT1")
    take_lines(actor=here.clerk, account=here.account, lines=[line], today=TODAY, at=NOON)
    client = client_of(world.here.guardians[0])

    html = client.get(f"/payments/{invoice.public_id}/").content.decode()

    assert "data:image/svg+xml" not in html
    assert "đã nhận đủ tiền" in html
    assert "Đã nộp đủ" in client.get("/payments/").content.decode()


def test_the_office_lists_all_families_and_others_none(here: Office, world: World, client_of) -> None:
    (mine, _other) = here.bill(*here.children[:2])

    assert here.children[1].full_name in client_of(world.here.clerk).get("/payments/").content.decode()
    for nobody in (world.here.teacher, world.elsewhere.head, world.here.guardians[1]):
        client = client_of(nobody)
        assert client.get(f"/payments/{mine.public_id}/").status_code == 404
        assert here.children[0].full_name not in client.get("/payments/").content.decode()


def test_a_list_costs_the_same_queries_however_long(here: Office, world: World, client_of, django_assert_num_queries):
    client = client_of(world.here.clerk)
    here.bill(here.children[0])
    client.get("/payments/")
    with django_assert_num_queries(9):
        client.get("/payments/")
    for _ in range(10):
        here.bill(*here.children[:2])
    with django_assert_num_queries(9):
        client.get("/payments/")
