import re
from datetime import date, timedelta

import pytest

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden, NotFound
from khue.identity import actions, queries
from khue.identity.forms import role_name
from khue.identity.models import Account, ActivationCode, Grant, Handle, Password
from khue.identity.tests.browsing import own_queries
from tests.world import NOON, TODAY, World, actor, organisation, person
from tests.world import account as opened


def grant(by: Account, to: Account, role: str, on, **more) -> Grant:
    return actions.grant_role(actor=actor(by), account=to, role=role, organisation=on, **{"valid_from": TODAY, **more})


def test_a_head_gives_roles_within_the_own_school(world: World) -> None:
    made = grant(world.here.head, world.here.teacher, "clerk", world.here.organisation)

    assert (made.role, made.granted_by_id, made.valid_to) == ("clerk", world.here.head.id, None)


@pytest.mark.parametrize("role", ["head", "operator", "department_officer"])
def test_a_head_makes_nobody_its_equal_or_more(world: World, role: str) -> None:
    before = Grant.objects.count()

    with pytest.raises(Forbidden):
        grant(world.here.head, world.here.teacher, role, world.here.organisation)

    assert Grant.objects.count() == before


def test_a_head_gives_nothing_in_another_school(world: World) -> None:
    before = Grant.objects.count()

    with pytest.raises(Forbidden):
        grant(world.here.head, world.here.teacher, "clerk", world.elsewhere.organisation)

    assert Grant.objects.count() == before


@pytest.mark.parametrize("who", ["teacher", "clerk"])
def test_whoever_looks_after_no_roles_gives_none(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        grant(getattr(world.here, who), world.here.teacher, "clerk", world.here.organisation)


def test_a_department_makes_a_head(world: World) -> None:
    assert grant(world.department_officer, world.here.teacher, "head", world.here.organisation).role == "head"


def test_a_role_stands_only_where_such_a_place_has_it(world: World) -> None:
    with pytest.raises(actions.RoleDoesNotFit):
        actions.grant_role(
            actor=SYSTEM,
            account=world.here.teacher,
            role="department_officer",
            organisation=world.here.organisation,
            valid_from=TODAY,
        )


def test_the_same_role_is_not_held_twice_at_a_time(world: World) -> None:
    grant(world.here.head, world.here.teacher, "clerk", world.here.organisation, valid_to=TODAY + timedelta(days=30))

    with pytest.raises(actions.RoleHeldAlready):
        grant(world.here.head, world.here.teacher, "clerk", world.here.organisation)
    later = grant(
        world.here.head, world.here.teacher, "clerk", world.here.organisation, valid_from=TODAY + timedelta(days=31)
    )

    assert later.valid_from == date(2026, 12, 24)


def test_a_role_taken_away_may_be_given_again_the_same_day(world: World) -> None:
    first = grant(world.here.head, world.here.teacher, "clerk", world.here.organisation)
    actions.revoke_role(actor=actor(world.here.head), grant=first, at=NOON)

    assert grant(world.here.head, world.here.teacher, "clerk", world.here.organisation).revoked_at is None


def test_dates_are_in_order(world: World) -> None:
    with pytest.raises(actions.DatesOutOfOrder):
        grant(world.here.head, world.here.teacher, "clerk", world.here.organisation, valid_to=date(2026, 1, 1))


def test_nobody_takes_a_role_of_another_school_or_the_own(world: World) -> None:
    theirs = Grant.objects.get(account=world.elsewhere.clerk)
    own = Grant.objects.get(account=world.department_officer)

    with pytest.raises(Forbidden):
        actions.revoke_role(actor=actor(world.here.head), grant=theirs, at=NOON)
    with pytest.raises(Forbidden):
        actions.revoke_role(actor=actor(world.department_officer), grant=own, at=NOON)

    assert not Grant.objects.exclude(revoked_at=None).exists()


def test_accounts_for_a_class_come_with_codes_and_without_passwords(world: World) -> None:
    people = [person(f"Trần Thị Mai {n}", world.here.organisation, "pupil", phone="0912345678") for n in range(30)]

    opened = actions.open_accounts(
        actor=actor(world.here.clerk), people=people, role="pupil", organisation=world.here.organisation, at=NOON
    )

    assert [o.person_id for o in opened] == [p.id for p in people]
    assert len({o.code for o in opened}) == 30
    assert all(o.user_name.endswith(str(o.person_id)) for o in opened)
    assert Handle.objects.filter(kind="phone").count() == 1
    assert not Password.objects.exists()
    assert not any(o.code.encode() in bytes(c.code_hash) for o in opened for c in ActivationCode.objects.all())


def rows() -> list[int]:
    return [model.objects.count() for model in (Account, Grant, Handle, ActivationCode)]


def test_opening_accounts_again_changes_nothing_but_the_codes(world: World) -> None:
    people = [person("Trần Thị Mai", world.here.organisation, "pupil")]
    arguments = {
        "actor": actor(world.here.clerk), "people": people, "role": "pupil", "organisation": world.here.organisation,
    }  # fmt: skip
    first = actions.open_accounts(**arguments, at=NOON)
    counts = rows()
    second = actions.open_accounts(**arguments, at=NOON)

    assert (first[0].is_new, second[0].is_new) == (True, False)
    assert rows() == counts


@pytest.mark.parametrize("number", [3, 30])
def test_opening_accounts_costs_the_same_for_any_number(world: World, django_assert_num_queries, number: int) -> None:
    people = [person(f"Trần Thị Mai {n}", world.here.organisation, "pupil") for n in range(number)]
    clerk = actor(world.here.clerk)

    with django_assert_num_queries(15):
        actions.open_accounts(actor=clerk, people=people, role="pupil", organisation=world.here.organisation, at=NOON)


def test_a_clerk_opens_no_accounts_for_staff_nor_elsewhere(world: World) -> None:
    people = [person("Trần Thị Mai", world.here.organisation, "staff")]
    before = Account.objects.count()

    for role, place in [("subject_teacher", world.here.organisation), ("pupil", world.elsewhere.organisation)]:
        with pytest.raises(Forbidden):
            actions.open_accounts(actor=actor(world.here.clerk), people=people, role=role, organisation=place, at=NOON)

    assert Account.objects.count() == before


def test_a_clerk_cannot_activate_the_head_as_somebodys_guardian(world: World) -> None:
    opened = actions.open_accounts(
        actor=actor(world.here.clerk),
        people=[world.here.head.person],
        role="guardian",
        organisation=world.here.organisation,
        at=NOON,
    )

    assert opened[0].code is None
    assert not ActivationCode.objects.exists()


def test_a_code_is_issued_only_for_accounts_within_reach_everywhere(world: World) -> None:
    Grant.objects.create(
        account=world.here.teacher, role="head", organisation=world.elsewhere.organisation, valid_from=TODAY
    )

    for by, to in [(world.here.clerk, world.here.head), (world.here.head, world.here.teacher)]:
        with pytest.raises(Forbidden), scope.of(actor(by)):
            actions.issue_codes(actor=actor(by), accounts=[to], at=NOON)

    assert not ActivationCode.objects.exists()


def test_a_code_runs_out(world: World) -> None:
    pupil = world.here.pupils[0]
    code = actions.issue_codes(actor=actor(world.here.clerk), accounts=[pupil], at=NOON)[pupil.id]

    with pytest.raises(actions.UnknownCode):
        actions.check_code(code=code, at=NOON + timedelta(days=60), address=None)


def test_closing_an_account_ends_its_sessions_and_codes(world: World) -> None:
    token = actions.open_session(account=world.here.teacher, at=clock.now(), address=None, agent="")

    actions.close_account(actor=actor(world.here.head), account=world.here.teacher, at=NOON)

    assert queries.actor_of_token(token, at=clock.now(), on=clock.today(), door="test") is None


def test_nobody_closes_an_account_of_another_school(world: World) -> None:
    with pytest.raises(Forbidden):
        actions.close_account(actor=actor(world.here.head), account=world.elsewhere.teacher, at=NOON)

    assert Account.objects.get(id=world.elsewhere.teacher.id).is_active


def test_accounts_of_another_school_are_not_found(world: World) -> None:
    head = actor(world.here.head)

    with scope.of(head), pytest.raises(NotFound):
        queries.account_of(head, world.elsewhere.teacher.public_id, on=TODAY)


def test_what_has_run_out_is_forgotten(world: World) -> None:
    actions.open_session(account=world.here.teacher, at=NOON - timedelta(days=40), address=None, agent="")
    kept = actions.open_session(account=world.here.teacher, at=clock.now(), address=None, agent="")

    assert actions.forget_expired(actor=SYSTEM, at=clock.now()) == 1
    assert queries.actor_of_token(kept, at=clock.now(), on=clock.today(), door="test") is not None


@pytest.mark.parametrize("address", ["/accounts/", "/accounts/slips/"])
def test_pupils_and_guardians_have_no_list_of_accounts(client_of, world: World, address: str) -> None:
    for account in (world.here.pupils[0], world.here.guardians[0], world.here.teacher):
        assert client_of(account).get(address).status_code == 403


def test_a_head_sees_gives_and_takes_roles_on_the_page(client_of, world: World) -> None:
    browser = client_of(world.here.head)
    page = f"/accounts/{world.here.teacher.public_id}/"

    listed = browser.get("/accounts/?q=le thi hoa").text
    given = browser.post(page, {"role": f"clerk@{world.here.organisation.id}", "valid_from": "23/11/2026"})
    made = Grant.objects.get(account=world.here.teacher, role="clerk")
    taken = browser.post(f"{page}roles/{made.id}/")

    assert "Lê Thị Hoa" in listed
    assert "Phạm Thu Cúc" not in listed
    assert (given.status_code, taken.status_code) == (303, 303)
    assert Grant.objects.get(id=made.id).revoked_at is not None


def test_the_page_offers_no_role_beyond_the_giver(client_of, world: World) -> None:
    browser = client_of(world.here.head)
    page = f"/accounts/{world.here.teacher.public_id}/"

    browser.post(page, {"role": f"head@{world.here.organisation.id}", "valid_from": "23/11/2026"})

    assert f"head@{world.here.organisation.id}" not in browser.get(page).text
    assert not Grant.objects.filter(account=world.here.teacher, role="head").exists()


def test_every_address_of_another_schools_account_is_unknown(client_of, world: World) -> None:
    browser = client_of(world.here.head)
    page = f"/accounts/{world.elsewhere.teacher.public_id}/"
    theirs = Grant.objects.filter(account=world.elsewhere.teacher).first()

    parts = ("", "code/", "switch/", f"roles/{theirs.id}/")
    answers = [browser.get(page), *(browser.post(page + part) for part in parts)]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert not ActivationCode.objects.exists()


def test_slips_are_printed_for_those_who_have_not_signed_in(client_of, world: World) -> None:
    Password.objects.create(account=world.here.pupils[0], hash="x", set_at=NOON)

    shown = client_of(world.here.clerk).post("/accounts/slips/", {"role": f"pupil@{world.here.organisation.id}"})

    assert world.here.pupils[0].user_name not in shown.text
    assert ActivationCode.objects.count() == 2


@pytest.mark.parametrize("more", [1, 10])
def test_the_list_costs_the_same_for_any_number(client_of, world: World, more: int) -> None:
    people = [person(f"Trần Thị Mai {n}", world.here.organisation, "pupil") for n in range(more)]
    actions.open_accounts(
        actor=actor(world.here.clerk), people=people, role="pupil", organisation=world.here.organisation, at=NOON
    )
    assert own_queries(client_of(world.here.head), "/accounts/") == 4


def test_a_commune_office_is_not_a_school(world: World) -> None:
    office = organisation("commune_office", "UBND xã Tân Hội", world.department)

    with pytest.raises(actions.RoleDoesNotFit):
        actions.grant_role(
            actor=actor(world.department_officer),
            account=world.here.teacher,
            role="head",
            organisation=office,
            valid_from=TODAY,
        )


def test_the_trail_calls_roles_by_their_names(client_of, world: World) -> None:
    head, teacher = world.here.head, world.here.teacher
    mate = opened(person("Lê Văn Mới", world.here.organisation, "staff"), "clerk", world.here.organisation)
    actions.revoke_role(actor=actor(head), grant=Grant.objects.get(account=mate), at=NOON)

    page = client_of(head).get("/audit/?verb=role.revoked").content.decode()

    assert "(Ban giám hiệu)" in page
    assert "(head)" not in page
    assert role_name("subject_teacher") == "Giáo viên bộ môn"
    assert role_name("astrologer") == "astrologer"
    assert client_of(teacher).get("/audit/").status_code == 403


def test_the_list_of_accounts_is_narrowed_by_role_and_by_who_has_not_come_yet(client_of, world: World) -> None:
    browser = client_of(world.here.head)
    actions_of = Password.objects.create(account=world.here.teacher, hash="x", set_at=NOON)

    def shown(**asked: str) -> list[str]:
        page = browser.get("/accounts/", asked).content.decode()
        return re.findall(r"/accounts/([0-9a-f-]{36})/", page)

    assert actions_of.account_id == world.here.teacher.id
    assert shown(role="clerk") == [str(world.here.clerk.public_id)]
    assert shown(active="yes", role="subject_teacher") == [str(world.here.teacher.public_id)]
    assert str(world.here.teacher.public_id) not in shown(active="waiting")
    assert str(world.here.clerk.public_id) in shown(active="waiting")
    assert shown(active="no") == []
    assert shown(role="nonsense") == shown()
    assert "Hãy bỏ bớt điều kiện lọc." in browser.get("/accounts/?active=no").content.decode()
