"""Whose name an account gives away: raw statements in another school's scope find nothing."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.lists import Listing
from khue.identity import actions, queries
from khue.identity.models import Account, Grant, Password
from khue.identity.tests.browsing import KEPT, SECRET
from khue.registry.models import Affiliation
from tests.world import NOON, TODAY, World, actor


def seen(who: Actor) -> set[int]:
    """Every account a raw SELECT shows in the actor's scope."""
    with scope.of(who), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_account")
        return {key for (key,) in cursor.fetchall()}


def accounts_of(school) -> set[int]:
    return {a.id for a in (school.head, school.teacher, school.clerk, *school.pupils, *school.guardians)}


def test_a_raw_select_shows_the_own_school_and_no_other(world: World) -> None:
    here, elsewhere = accounts_of(world.here), accounts_of(world.elsewhere)

    for who in (world.here.head, world.here.teacher, world.here.guardians[0], world.here.pupils[0]):
        assert seen(actor(who)) == here
    assert seen(actor(world.elsewhere.clerk)) == elsewhere
    assert seen(actor(world.department_officer)) == here | elsewhere | {world.department_officer.id}
    assert seen(actor(world.ministry_officer)) >= here | elsewhere | {world.ministry_officer.id}


def test_without_a_scope_only_the_own_account_is_there_and_for_strangers_none(world: World) -> None:
    teacher = world.here.teacher

    assert seen(ANONYMOUS) == set()
    assert seen(Actor(account_id=teacher.id)) == {teacher.id}  # half signed in: no role counts yet


def test_an_account_is_seen_where_its_person_belongs_without_any_role(world: World) -> None:
    adult = world.elsewhere.guardians[0]
    assert adult.id not in seen(actor(world.here.head))

    Affiliation.objects.create(
        person=adult.person, organisation=world.here.organisation, kind="guardian", valid_from=TODAY
    )

    assert adult.id in seen(actor(world.here.head))


def test_a_role_that_was_taken_away_still_names_its_bearer_there(world: World) -> None:
    teacher = world.here.teacher
    Grant.objects.create(
        account=teacher, role="subject_teacher", organisation=world.elsewhere.organisation,
        valid_from=date(2026, 9, 7), revoked_at=NOON,
    )  # fmt: skip

    assert teacher.id in seen(actor(world.elsewhere.head))


def test_no_scope_adds_changes_or_deletes_accounts_by_hand(world: World) -> None:
    head = actor(world.here.head)
    before = list(Account.objects.order_by("id").values_list("id", "display_name", "is_active"))

    with scope.of(head), connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET display_name = 'x' WHERE id <> %s", [head.account_id])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE identity_account SET is_active = false WHERE id = %s", [world.elsewhere.head.id])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM identity_account")
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "INSERT INTO identity_account (public_id, user_name, display_name, language, is_active,"
                " must_change_password, created_at) VALUES (gen_random_uuid(), 'x', 'x', 'vi', true, false, now())"
            )

    assert list(Account.objects.order_by("id").values_list("id", "display_name", "is_active")) == before


def test_signing_in_finds_the_account_before_there_is_a_scope(world: World) -> None:
    Password.objects.create(account=world.here.teacher, hash=KEPT, set_at=NOON)

    with scope.of(ANONYMOUS):
        token = actions.sign_in(
            handle=world.here.teacher.user_name, password=SECRET, at=NOON, address=None, agent="test"
        )
        found = queries.actor_of_token(token, at=NOON, on=TODAY, door="test")

    assert found is not None
    assert found.account_id == world.here.teacher.id


def test_a_closed_account_is_opened_again_from_the_heads_own_scope(world: World) -> None:
    head, teacher = actor(world.here.head), world.here.teacher
    with scope.of(head):
        actions.close_account(actor=head, account=teacher, at=NOON)
        actions.reopen_account(actor=head, account=teacher, at=NOON)

    teacher.refresh_from_db()
    assert teacher.is_active is True


def test_the_list_in_a_raised_scope_shows_not_one_account_more(world: World) -> None:
    head, listing = actor(world.here.head), Listing[Account](order=("user_name",), search=("folded_name",))

    with scope.of(head), CaptureQueriesContext(connection) as captured:
        found = queries.account_page(head, listing, {}, on=TODAY)
        strangers = queries.account_page(head, listing, {"q": world.elsewhere.head.display_name}, on=TODAY)
        after = seen(head)

    assert {row.id for row in found.rows} == after == accounts_of(world.here)
    assert {row.id for row in strangers.rows} <= accounts_of(world.here)
    assert sum('FROM "identity_account"' in query["sql"] for query in captured.captured_queries) == 2
