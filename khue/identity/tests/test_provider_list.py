"""The operator's list of identity providers."""

import pytest
from django.test import Client

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity import actions, queries
from khue.identity.actions import ProviderDetails
from khue.identity.models import Account, Provider
from tests.world import World, account, actor

VNEID = ProviderDetails(
    key="vneid", name="VNeID", issuer="https://vneid.example", client_id="khue", client_secret="rất bí mật",
    scopes="profile", number_claim="number",
)  # fmt: skip


@pytest.fixture
def operator(world: World) -> Account:
    return account(None, "operator", world.ministry)


def test_a_provider_is_offered_once_it_is_added_and_its_secret_is_sealed(world: World, operator: Account) -> None:
    made = actions.add_provider(actor=actor(operator), details=VNEID)

    assert [offer.key for offer in queries.offered_providers()] == ["vneid"]
    assert made.scopes == "openid profile"
    assert "rất bí mật".encode() not in bytes(made.client_secret)
    assert queries.client_of(made).client_secret == "rất bí mật"
    assert "bí mật" not in str(AuditRow.objects.get(verb="provider.added").details)


@pytest.mark.parametrize(
    "issuer",
    ["http://vneid.example", "https://", "https://a.example/?x=1", "javascript:alert(1)", "https://u@a.example"],
)
def test_an_issuer_without_https_is_refused(world: World, operator: Account, issuer: str) -> None:
    with pytest.raises(actions.IssuerNotSafe):
        actions.add_provider(
            actor=actor(operator), details=ProviderDetails(key="x", name="X", issuer=issuer, client_id="khue")
        )

    assert not Provider.objects.exists()


def test_two_providers_never_share_a_key(world: World, operator: Account) -> None:
    actions.add_provider(actor=actor(operator), details=VNEID)

    with pytest.raises(actions.ProviderKeyTaken):
        actions.add_provider(actor=actor(operator), details=VNEID)

    assert Provider.objects.count() == 1


def test_a_provider_switched_off_is_gone_from_the_sign_in_page(
    world: World, operator: Account, client_of, client: Client
) -> None:
    made = actions.add_provider(actor=actor(operator), details=VNEID)
    page = client_of(operator)
    assert "VNeID" in client.get("/sign-in/").content.decode()

    assert page.post("/providers/vneid/switch/").status_code == 303

    assert "VNeID" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/with/vneid/").status_code == 404
    assert "Đã tắt" in page.get("/providers/").content.decode()
    made.refresh_from_db()
    assert made.is_enabled is False
    assert page.post("/providers/vneid/switch/").status_code == 303
    assert [row.verb for row in AuditRow.objects.filter(verb__startswith="provider.").order_by("id")] == [
        "provider.added",
        "provider.disabled",
        "provider.enabled",
    ]


def test_the_operator_adds_one_on_the_page_and_nobody_else(world: World, operator: Account, client_of) -> None:
    given = {
        "key": "vneid",
        "name": "VNeID",
        "issuer": "https://vneid.example",
        "client_id": "khue",
        "scopes": "openid",
    }

    assert client_of(operator).post("/providers/add/", {**given, "key": "có dấu"}).status_code == 422
    assert client_of(operator).post("/providers/add/", given).status_code == 303
    assert "/sign-in/back/vneid/" in client_of(operator).get("/providers/").content.decode()
    for stranger in (world.here.head, world.department_officer, world.ministry_officer):
        for path in ("/providers/", "/providers/add/"):
            assert client_of(stranger).get(path).status_code == 403
        assert client_of(stranger).post("/providers/vneid/switch/").status_code == 403
        with pytest.raises(Forbidden):
            actions.switch_provider(actor=actor(stranger), provider=Provider.objects.get(), is_enabled=False)

    assert Provider.objects.get().is_enabled is True
