"""Founding, correcting, moving and closing on the officer's pages; who managed a body when."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.registry import actions, queries
from khue.registry.actions import OrganisationDetails
from khue.registry.models import Management, Organisation, Succession
from tests.world import TODAY, World, account, actor, organisation, person

ClientOf = Callable[[Account], Client]
FOUNDED = {"kind": "school", "name": "TH Mỹ An 2", "code": "82-30000-2", "on": "01/09/2026", "ownership": "1"}


def managed(body: Organisation) -> list[tuple[str, date | None, date | None]]:
    return [(row.manager.name, row.valid_from, row.valid_to) for row in queries.managements_of(body)]


def test_an_officer_founds_a_school_under_a_commune_office(world: World, client_of: ClientOf) -> None:
    path = f"/organisations/{world.commune_office.public_id}/found/"
    officer = client_of(world.department_officer)

    assert officer.get(path).status_code == 200
    assert officer.post(path, {**FOUNDED, "kind": "department"}).status_code == 422
    assert officer.post(path, {**FOUNDED, "level_groups": ["02"], "province": "82"}).status_code == 303

    made = Organisation.objects.get(code="82-30000-2")
    assert (made.name, made.parent_id, made.level_groups) == ("TH Mỹ An 2", world.commune_office.id, "02")
    assert made.territory is not None
    assert made.territory.code == "82"
    assert managed(made) == [("UBND xã Mỹ An", date(2026, 9, 1), None)]
    assert "TH Mỹ An 2" in officer.get("/directory/?q=my+an+2").content.decode()


def test_a_body_where_nobody_works_tells_its_officer_what_is_next(world: World, client_of: ClientOf) -> None:
    made = organisation("school", "TH Mỹ An 2", world.commune_office)
    path, said = f"/organisations/{made.public_id}/", "Chưa có ai của đơn vị vào được hệ thống."
    officer = client_of(world.department_officer)

    assert said in officer.get(path).content.decode()
    assert said not in Client().get(path).content.decode()
    assert said not in officer.get(f"/organisations/{world.here.organisation.public_id}/").content.decode()

    person("Phạm Thị Lan", made, "staff")
    assert said not in officer.get(path).content.decode()


def test_nobody_founds_or_changes_outside_the_own_part(world: World, client_of: ClientOf) -> None:
    other = organisation("department", "Sở GD&ĐT Cà Mau", world.ministry)
    stranger = client_of(account(None, "department_officer", other))
    count, body = Organisation.objects.count(), world.here.organisation

    for verb in ("found", "correct", "move", "merge", "split", "close"):
        assert stranger.get(f"/organisations/{body.public_id}/{verb}/").status_code == 404
        assert client_of(world.here.head).get(f"/organisations/{body.public_id}/{verb}/").status_code == 404
        assert client_of(world.here.head).post(f"/organisations/{body.public_id}/{verb}/").status_code == 404
    assert client_of(world.here.head).get("/organisations/").status_code == 403
    anybody = Client().get("/organisations/")
    assert (anybody.status_code, anybody.headers["Location"]) == (303, "/directory/")
    assert stranger.get(f"/organisations/?under={body.public_id}").status_code == 404
    assert stranger.get("/organisations/?under=x").status_code == 404
    with pytest.raises(Forbidden):
        actions.correct_organisation(
            actor=actor(world.here.head), organisation=body, details=OrganisationDetails(name="Khác")
        )

    assert Organisation.objects.count() == count
    body.refresh_from_db()
    assert body.name == "THCS Mỹ An"


def test_a_school_changes_its_manager_on_a_day_and_both_are_kept(world: World, client_of: ClientOf) -> None:
    school = world.here.organisation
    Organisation.objects.filter(id=school.id).update(valid_from=date(2020, 8, 1))
    path = f"/organisations/{school.public_id}/move/"
    officer = client_of(world.department_officer)

    assert "Sở GD&amp;ĐT Đồng Tháp" in officer.get(path).content.decode()
    given = {"to": str(world.department.public_id), "on": "01/11/2026"}
    assert "Hãy ghi số và ngày của quyết định." in officer.post(path, given).content.decode()
    assert officer.post(path, given | {"decision": "QĐ 15/QĐ-UBND"}).status_code == 303

    school.refresh_from_db()
    assert school.parent_id == world.department.id
    assert managed(school) == [
        ("Sở GD&ĐT Đồng Tháp", date(2026, 11, 1), None),
        ("UBND xã Mỹ An", date(2020, 8, 1), date(2026, 10, 31)),
    ]
    assert "Cơ quan quản lí qua các thời kì" in officer.get(f"/organisations/{school.public_id}/").content.decode()


def test_a_move_neither_lies_ahead_nor_before_the_manager_began(world: World) -> None:
    officer, school = actor(world.department_officer), world.here.organisation
    actions.move_organisation(actor=officer, organisation=school, to=world.department, on=TODAY)

    with pytest.raises(actions.MovedAhead):
        actions.move_organisation(
            actor=officer, organisation=school, to=world.commune_office, on=clock.today() + timedelta(days=1)
        )
    with pytest.raises(actions.EndsBeforeItBegins):
        actions.move_organisation(actor=officer, organisation=school, to=world.commune_office, on=TODAY)
    with pytest.raises(actions.ManagedAlready):
        actions.move_organisation(actor=officer, organisation=school, to=world.department, on=TODAY)

    school.refresh_from_db()
    assert school.parent_id == world.department.id
    assert Management.objects.filter(body=school).count() == 2


def test_what_is_known_of_a_school_is_corrected_with_before_and_after(world: World, client_of: ClientOf) -> None:
    school = world.here.organisation
    path = f"/organisations/{school.public_id}/correct/"
    officer = client_of(world.department_officer)
    given = {"name": "THCS Mỹ An", "code": school.code, "ownership": "1", "phone": "0277 3822 xxx"}

    assert officer.post(path, given).status_code == 303
    assert officer.post(path, {**given, "code": world.elsewhere.organisation.code}).status_code == 422

    school.refresh_from_db()
    assert (school.phone, school.parent_id) == ("0277 3822 xxx", world.commune_office.id)
    row = AuditRow.objects.get(verb="organisation.corrected")
    assert row.details == {"before": {"phone": ""}, "after": {"phone": "0277 3822 xxx"}}


def test_a_school_is_closed_on_its_page_and_leaves_the_tree(world: World, client_of: ClientOf) -> None:
    school = world.here.organisation
    path = f"/organisations/{school.public_id}/close/"
    officer = client_of(world.department_officer)

    assert officer.post(path, {"on": "31/10/2026", "reason": ""}).status_code == 422
    assert officer.post(path, {"on": "31/10/2026", "reason": "sáp nhập"}).status_code == 303

    school.refresh_from_db()
    assert school.valid_to == date(2026, 10, 31)
    under = officer.get(f"/organisations/?under={world.commune_office.public_id}").content.decode()
    assert "THCS Mỹ An" not in under


def test_a_school_takes_another_in_on_its_page_and_both_tell_it(world: World, client_of: ClientOf) -> None:
    here, other = world.here.organisation, world.elsewhere.organisation
    path = f"/organisations/{here.public_id}/merge/"
    officer = client_of(world.department_officer)
    given = {"decision": "QĐ 12/QĐ-UBND", "on": "01/11/2026", "keep_as_campuses": "on"}

    assert other.name not in officer.get(f"{path}?q=tan+hong").content.decode().replace("&amp;", "&")
    assert other.name in officer.get(f"{path}?q=doc+binh").content.decode().replace("&amp;", "&")
    assert "Hãy chọn ít nhất một đơn vị" in officer.post(f"{path}?q=doc+binh", given).content.decode()
    chosen = given | {"merging": [str(other.public_id)]}
    assert officer.post(f"{path}?q=doc+binh", chosen | {"decision": " "}).status_code == 422
    assert not Succession.objects.exists()
    assert officer.post(f"{path}?q=doc+binh", chosen).status_code == 303

    other.refresh_from_db()
    assert other.valid_to == date(2026, 10, 31)
    assert other.name in list(Organisation.objects.filter(parent=here, kind="campus").values_list("name", flat=True))
    for body, said in ((here, "Nhận sáp nhập "), (other, "Sáp nhập vào ")):
        told = officer.get(f"/organisations/{body.public_id}/").content.decode()
        assert said in told
        assert "01/11/2026 · QĐ 12/QĐ-UBND" in told


def test_a_school_is_split_on_its_page_into_schools_like_it(world: World, client_of: ClientOf) -> None:
    school = world.here.organisation
    Organisation.objects.filter(id=school.id).update(level_groups="02,03")
    path = f"/organisations/{school.public_id}/split/"
    officer = client_of(world.department_officer)
    given = {"decision": "QĐ 13", "on": "01/11/2026", "names": "TH Mỹ An\r\n\r\n  THCS   Mỹ An  \r\nTH Mỹ An"}

    assert "ít nhất 2" in officer.post(path, given | {"names": "TH Mỹ An"}).content.decode()
    assert "Tên dài quá" in officer.post(path, given | {"names": "x" * 201}).content.decode()
    assert officer.post(path, given | {"names": " "}).status_code == 422
    assert not Succession.objects.exists()
    assert officer.post(path, given).status_code == 303

    parts = [row.successor for row in queries.successions_of(school)]
    assert [(part.name, part.level_groups, part.parent_id) for part in parts] == [
        ("TH Mỹ An", "02,03", world.commune_office.id), ("THCS Mỹ An", "02,03", world.commune_office.id),
    ]  # fmt: skip
    school.refresh_from_db()
    assert school.valid_to == date(2026, 10, 31)


def test_the_tree_begins_at_the_own_place_and_is_searched_without_diacritics(world: World, client_of: ClientOf) -> None:
    officer = client_of(world.department_officer)

    first = officer.get("/organisations/").content.decode()
    assert "UBND xã Mỹ An" in first
    assert "THCS&amp;THPT Đốc Binh Kiều" in first
    assert "THCS Mỹ An" not in first
    assert "THCS Mỹ An" in officer.get("/organisations/?q=thcs+my").content.decode()
    ministry = client_of(world.ministry_officer).get(f"/organisations/?under={world.commune_office.public_id}")
    assert "THCS Mỹ An" in ministry.content.decode()
    assert officer.get(f"/organisations/?under={world.ministry.public_id}").status_code == 404
    assert officer.get(f"/organisations/?under={uuid4()}").status_code == 404


def test_the_tree_costs_the_same_for_six_schools_and_for_sixty_and_shows_each_once(world: World) -> None:
    officer = actor(world.department_officer)

    def cost(after: str = "") -> tuple[int, list[str], str]:
        with CaptureQueriesContext(connection) as captured:
            found = queries.tree_page(officer, under=world.commune_office.public_id, after=after)
        return len(captured.captured_queries), [b.organisation.name for b in found.branches], found.next_cursor

    for n in range(5):
        organisation("school", f"Trường {n:02}", world.commune_office)
    few = cost()
    for n in range(5, 59):
        organisation("school", f"Trường {n:02}", world.commune_office)
    many = cost()
    rest = cost(many[2])

    assert (few[0], many[0], rest[0]) == (4, 4, 4)
    assert (len(few[1]), len(many[1]), len(rest[1])) == (6, 50, 10)
    assert len({*many[1], *rest[1]}) == 60
    assert rest[2] == ""
