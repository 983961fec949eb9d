"""Where a school's accounts are: banks by name on the pages, by BIN in the payload."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from khue.payments import banks
from khue.payments.models import CollectionAccount
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world: World, client_of: Callable[..., Client]) -> Client:
    return client_of(world.here.clerk)


@pytest.mark.parametrize(
    ("chosen", "written", "kept", "shown"),
    [
        ("970436", "", "970436", "Vietcombank"),
        ("970436", "970405", "970436", "Vietcombank"),  # the list is what counts
        ("other", "970999", "970999", "ngân hàng mã 970999"),
        ("", "", "", "Kho bạc Nhà nước"),
    ],
)
def test_an_account_is_at_a_bank_people_know(clerk: Client, chosen: str, written: str, kept: str, shown: str) -> None:
    clerk.post("/payments/accounts/new/", {"bank": chosen, "bin": written, "number": "95271124", "holder": "TRUONG"})

    assert CollectionAccount.objects.get(number="95271124").bank == kept
    assert f"TRUONG · {shown}" in clerk.get("/payments/fees/").content.decode()


@pytest.mark.parametrize("written", ["", "12345", "Vietcombank"])
def test_another_bank_needs_its_code(clerk: Client, written: str) -> None:
    given = {"bank": "other", "bin": written, "number": "95271124", "holder": "TRUONG"}

    assert clerk.post("/payments/accounts/new/", given).status_code == 422
    assert not CollectionAccount.objects.filter(number="95271124").exists()


def test_every_bank_of_the_table_has_a_code_of_its_own() -> None:
    table = json.loads((Path(banks.__file__).parent / "banks.json").read_text())["banks"]

    assert len({bank["bin"] for bank in table}) == len({bank["name"] for bank in table}) == len(table) > 30
    assert all(re.fullmatch(r"[0-9]{6}", bank["bin"]) for bank in table)
