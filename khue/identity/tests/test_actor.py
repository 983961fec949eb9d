from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock, scope
from khue.identity import actions, queries
from khue.identity.models import Account, Grant, Handle, Session
from khue.registry.models import Guardianship
from tests.world import World, actor


def bearer(account: Account, second_factor: bool = True):
    """Whom a fresh session of the account stands for."""
    token = actions.open_session(
        account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=second_factor
    )
    return queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")


def test_a_session_stands_for_its_account_with_roles_and_covered_organisations(world: World) -> None:
    found = bearer(world.department_officer)

    assert found.account_id == world.department_officer.id
    assert found.held == actor(world.department_officer).held
    assert found.scope == actor(world.department_officer).scope


def test_a_role_on_the_root_covers_the_whole_node(world: World) -> None:
    assert bearer(world.ministry_officer).scope == "*"


def test_finding_the_actor_and_entering_the_scope_is_one_query(world: World) -> None:
    token = actions.open_session(account=world.here.teacher, at=clock.now(), address=None, agent="")

    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        scope.of_request(),
    ):
        asked_before = len(asked)
        queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")
        asked_after = len(asked)
        seen = set(Grant.objects.values_list("organisation_id", flat=True))

    assert asked_after - asked_before == 1
    assert seen == {world.here.organisation.id}


def test_a_guardian_has_its_wards_and_the_scope_of_their_school(world: World) -> None:
    guardian = bearer(world.here.guardians[0])

    assert guardian.wards == {world.here.pupils[0].person_id}
    assert guardian.scope == str(world.here.organisation.id)


@pytest.mark.parametrize("change", [{"is_barred": True}, {"valid_to": date(2026, 9, 30)}])
def test_a_guardian_who_is_barred_or_no_longer_one_is_nobody_at_the_school(world: World, change: dict) -> None:
    Guardianship.objects.filter(guardian_id=world.here.guardians[0].person_id).update(**change)

    guardian = bearer(world.here.guardians[0])

    assert guardian.wards == set()
    assert guardian.held == ()
    assert guardian.scope == ""


def test_a_barred_guardian_of_one_child_keeps_the_other(world: World) -> None:
    father = world.here.guardians[0]
    Guardianship.objects.create(
        organisation=world.here.organisation,
        child_id=world.here.pupils[1].person_id,
        guardian_id=father.person_id,
        relationship="father",
        valid_from=date(2026, 9, 7),
    )
    Guardianship.objects.filter(guardian_id=father.person_id, child_id=world.here.pupils[0].person_id).update(
        is_barred=True
    )

    assert bearer(father).wards == {world.here.pupils[1].person_id}


@pytest.mark.parametrize("age", [timedelta(days=8), timedelta(days=31)])
def test_an_idle_or_old_session_stands_for_nobody(world: World, age: timedelta) -> None:
    token = actions.open_session(account=world.here.teacher, at=clock.now() - age, address=None, agent="")

    assert queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test") is None


def test_a_closed_account_stands_for_nobody_at_once(world: World) -> None:
    token = actions.open_session(account=world.here.teacher, at=clock.now(), address=None, agent="")
    Account.objects.filter(id=world.here.teacher.id).update(is_active=False)

    assert queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test") is None


def test_a_revoked_role_is_gone_at_the_next_request(world: World) -> None:
    token = actions.open_session(account=world.here.head, at=clock.now(), address=None, agent="")
    Grant.objects.filter(account=world.here.head).update(revoked_at=clock.now())

    found = queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test")

    assert found.held == ()
    assert found.scope == ""


def test_an_officer_with_a_password_alone_is_nobody(world: World) -> None:
    assert bearer(world.department_officer, second_factor=False) is None


def test_last_seen_is_written_once_in_five_minutes(world: World) -> None:
    begun = clock.now() - timedelta(minutes=20)
    token = actions.open_session(account=world.here.teacher, at=begun, address=None, agent="")

    for minutes in (4, 6, 8, 12):
        queries.actor_of_token(token, at=begun + timedelta(minutes=minutes), on=clock.today(), door="test")

    assert Session.objects.get().last_seen_at == begun + timedelta(minutes=12)


def test_no_account_reads_sessions_or_handles_of_another(world: World) -> None:
    actions.open_session(account=world.elsewhere.head, at=clock.now(), address=None, agent="")
    actions.open_session(account=world.here.head, at=clock.now(), address=None, agent="")

    with scope.of(actor(world.here.head)):
        sessions = set(Session.objects.values_list("account_id", flat=True))
        seen = set(Handle.objects.values_list("account_id", flat=True))

    assert sessions == {world.here.head.id}
    assert world.elsewhere.head.id not in seen
    assert world.here.pupils[0].id in seen


def test_the_application_sees_nothing_before_a_scope_is_entered(world: World) -> None:
    actions.open_session(account=world.here.head, at=clock.now(), address=None, agent="")

    with scope.of_request():
        counts = [model.objects.count() for model in (Grant, Handle, Session)]

    assert counts == [0, 0, 0]
