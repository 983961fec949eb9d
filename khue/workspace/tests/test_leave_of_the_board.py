"""Leave of those who decide at a school: who answers it, and who does not."""

from collections.abc import Callable

import pytest
from django.test import Client

from khue.foundation.errors import Forbidden
from khue.identity.models import Account, Grant
from khue.registry.models import Organisation
from khue.workspace import actions, queries
from khue.workspace.actions import Wish
from khue.workspace.models import StaffLeave
from khue.workspace.refusals import OwnLeave
from khue.workspace.tests.test_leave import WEDNESDAY, ask
from tests.world import NOON, TODAY, YEAR_START, School, World, account, actor, organisation

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def ask_of_head(at: School) -> StaffLeave:
    wish = Wish("annual", TODAY, WEDNESDAY, "Việc gia đình")
    return actions.ask_leave(actor=actor(at.head), organisation_id=at.organisation.id, wish=wish, at=NOON)


def officer_of(place: Organisation) -> Account:
    return account(None, "department_officer", place)


def test_a_heads_leave_is_answered_by_the_body_that_manages_the_school(world: World, client_of: ClientOf):
    leave, officer = ask_of_head(world.here), officer_of(world.commune_office)
    page = f"/work/leave/{leave.public_id}/"

    assert client_of(world.here.head).post(f"{page}decide/", {"decision": "grant"}).status_code == 422
    assert "Trần Văn Bình" in client_of(officer).get("/work/leave/").content.decode()
    assert client_of(officer).post(f"{page}decide/", {"decision": "grant"}).status_code == 303

    found = StaffLeave.objects.get()
    assert (found.state, found.decided_by_name) == ("approved", officer.display_name)


def test_a_second_of_the_board_answers_as_before(world: World):
    leave, deputy = ask_of_head(world.here), world.here.clerk
    Grant.objects.create(account=deputy, role="head", organisation=world.here.organisation, valid_from=YEAR_START)

    actions.grant_leave(actor=actor(deputy), leave=leave, answer="", at=NOON)

    assert StaffLeave.objects.get().state == "approved"


def test_nobody_else_answers_a_head_and_an_office_answers_nobody_but_boards(world: World, client_of: ClientOf):
    of_head, of_teacher = ask_of_head(world.here), ask(world.here)
    officer = officer_of(world.commune_office)
    for who, leave in (
        (world.department_officer, of_head),  # above the commune that manages this school
        (officer_of(organisation("commune_office", "UBND xã bên", world.department)), of_head),
        (world.here.teacher, of_head), (world.here.clerk, of_head), (world.elsewhere.head, of_head),
        (officer, of_teacher), (world.here.head, of_head),
    ):  # fmt: skip
        with pytest.raises((Forbidden, OwnLeave)):
            actions.grant_leave(actor=actor(who), leave=leave, answer="", at=NOON)
        with pytest.raises((Forbidden, OwnLeave)):
            actions.decline_leave(actor=actor(who), leave=leave, answer="Không", at=NOON)
    assert client_of(officer).get(f"/work/leave/{of_teacher.public_id}/").status_code == 404
    assert client_of(world.department_officer).get(f"/work/leave/{of_head.public_id}/").status_code == 404

    assert set(StaffLeave.objects.values_list("state", flat=True)) == {"waiting"}


def test_the_head_of_a_school_below_the_department_is_answered_there(world: World):
    leave = ask_of_head(world.elsewhere)

    actions.decline_leave(actor=actor(world.department_officer), leave=leave, answer="Đang kì thi", at=NOON)

    assert (StaffLeave.objects.get().state, queries.waiting_leave(actor(world.department_officer))) == ("declined", 0)
