"""A lost second factor is taken away by two people, neither of them its holder."""

from collections.abc import Callable

import pytest
from django.test import Client

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity import actions, queries
from khue.identity.models import Account, AuthenticatorApp, FactorReset, RecoveryCode, Session
from tests.world import NOON, TODAY, World, account, actor, person

ClientOf = Callable[[Account], Client]


@pytest.fixture
def holder(world: World) -> Account:
    """A teacher with a code generator, a recovery code and an open session."""
    them = world.here.teacher
    AuthenticatorApp.objects.create(account=them, secret=b"sealed", confirmed_at=NOON)
    RecoveryCode.objects.create(account=them, code_hash=b"hash")
    actions.open_session(account=them, at=NOON, address=None, agent="phone", second_factor=True)
    return them


def ask(world: World, holder: Account, by: Account | None = None) -> FactorReset:
    return actions.ask_to_reset_factors(
        actor=actor(by or world.here.clerk), account=holder, reason="mất điện thoại", at=NOON
    )


def left(holder: Account) -> tuple[bool, bool, bool]:
    rows = (AuthenticatorApp, RecoveryCode, Session)
    return tuple(model.objects.filter(account=holder).exists() for model in rows)  # type: ignore[return-value]


def test_one_asks_and_another_grants(world: World, holder: Account) -> None:
    asked = ask(world, holder)
    assert left(holder) == (True, True, True)

    with scope.of(actor(world.here.head)):
        actions.grant_factor_reset(actor=actor(world.here.head), reset=asked, at=NOON)

    assert left(holder) == (False, False, False)
    asked.refresh_from_db()
    assert (asked.decided_by_id, asked.is_granted) == (world.here.head.id, True)
    trail = AuditRow.objects.filter(verb__startswith="factor_reset.").order_by("id")
    assert [(row.verb, row.account_id) for row in trail] == [
        ("factor_reset.asked", world.here.clerk.id),
        ("factor_reset.granted", world.here.head.id),
    ]


def test_who_asked_does_not_decide(world: World, holder: Account) -> None:
    asked = ask(world, holder, by=world.here.head)

    for decide in (actions.grant_factor_reset, actions.refuse_factor_reset):
        with pytest.raises(actions.SecondPersonNeeded):
            decide(actor=actor(world.here.head), reset=asked, at=NOON)

    assert left(holder) == (True, True, True)


def test_nobody_asks_or_grants_for_oneself(world: World, holder: Account) -> None:
    head = world.here.head
    AuthenticatorApp.objects.create(account=head, secret=b"sealed", confirmed_at=NOON)
    with pytest.raises(actions.CannotResetOwnFactor):
        ask(world, head, by=head)
    asked = ask(world, head)
    operator = account(None, "operator", world.ministry)

    with pytest.raises(Forbidden):
        actions.grant_factor_reset(actor=actor(head), reset=asked, at=NOON)  # a head does not make heads
    actions.refuse_factor_reset(actor=actor(operator), reset=asked, at=NOON)

    assert AuthenticatorApp.objects.filter(account=head).exists()


def test_only_who_looks_after_the_account_asks_and_only_who_could_give_its_roles_grants(
    world: World, holder: Account
) -> None:
    for stranger in (world.elsewhere.head, world.here.pupils[0], world.here.guardians[0], world.ministry_officer):
        with pytest.raises(Forbidden):
            ask(world, holder, by=stranger)
    asked = ask(world, holder)

    second_clerk = account(person("Lê Văn Thư", world.here.organisation, "staff"), "clerk", world.here.organisation)
    for stranger in (second_clerk, world.elsewhere.head, world.here.pupils[0]):
        with pytest.raises(Forbidden):
            actions.grant_factor_reset(actor=actor(stranger), reset=asked, at=NOON)

    assert left(holder) == (True, True, True)


def test_one_request_at_a_time_and_one_decision(world: World, holder: Account) -> None:
    asked = ask(world, holder)
    with pytest.raises(actions.ResetAskedAlready):
        ask(world, holder)

    actions.refuse_factor_reset(actor=actor(world.here.head), reset=asked, at=NOON)
    with pytest.raises(actions.ResetDecidedAlready):
        actions.grant_factor_reset(actor=actor(world.here.head), reset=asked, at=NOON)

    assert left(holder) == (True, True, True)
    assert ask(world, holder).id != asked.id


def test_an_account_without_a_factor_has_none_to_lose(world: World) -> None:
    with pytest.raises(actions.NoFactorToReset):
        ask(world, world.here.teacher)

    assert not FactorReset.objects.exists()


def test_the_pages_carry_a_request_from_one_person_to_the_other(
    world: World, holder: Account, client_of: ClientOf
) -> None:
    clerk, head = client_of(world.here.clerk), client_of(world.here.head)
    page = f"/accounts/{holder.public_id}/"

    assert clerk.post(f"{page}reset/", {"reason": ""}).status_code == 422
    assert clerk.post(f"{page}reset/", {"reason": "mất điện thoại"}).status_code == 303
    asked = FactorReset.objects.get()
    assert 'name="decision"' not in clerk.get("/accounts/resets/").content.decode()
    assert "đang chờ duyệt" in head.get("/accounts/").content.decode()
    assert 'name="decision"' in head.get(page).content.decode()
    assert client_of(world.elsewhere.head).post(f"/accounts/resets/{asked.public_id}/").status_code == 404
    assert client_of(world.here.teacher).get("/accounts/resets/").status_code == 403

    assert head.post(f"/accounts/resets/{asked.public_id}/", {"decision": "grant"}).status_code == 303

    assert left(holder) == (False, False, False)
    assert queries.waiting_resets(actor(world.here.head), on=TODAY) == []
