from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, OutboxEvent
from khue.registry import actions, queries
from khue.registry.actions import OrganisationDetails
from khue.registry.models import Organisation, Territory
from tests.world import TODAY, World, actor, organisation


def lineages() -> dict[str, str]:
    return dict(Organisation.objects.order_by("id").values_list("name", "lineage"))


def found(world: World, **given: object) -> Organisation:
    details = OrganisationDetails(name=str(given.pop("name", "Trường mới")), code=given.pop("code", None))  # type: ignore[arg-type]
    arguments = {"actor": actor(world.department_officer), "kind": "school", "parent": world.commune_office}
    return actions.found_organisation(**{**arguments, "details": details, "on": TODAY, **given})  # type: ignore[arg-type]


def test_a_school_is_founded_under_the_body_that_manages_it(world: World) -> None:
    made = found(world, name="  THCS   Mới ", code="82-30000-1")

    assert made.name == "THCS Mới"
    assert made.lineage == f"{world.commune_office.lineage}{made.id}."
    assert made.valid_from == TODAY
    assert AuditRow.objects.get().verb == "organisation.founded"


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("ministry", "department"),
        ("department", "commune_office"),
        ("commune_office", "ministry"),
        ("school", "school"),
        ("campus", "department"),
    ],
)
def test_a_body_stands_only_where_the_law_puts_it(world: World, kind: str, parent: str) -> None:
    above = Organisation.objects.filter(kind=parent).order_by("id").first()
    count = Organisation.objects.count()

    with pytest.raises(actions.WrongParent):
        found(world, actor=actor(world.ministry_officer), kind=kind, parent=above)

    assert Organisation.objects.count() == count


def test_two_bodies_never_have_one_code(world: World) -> None:
    taken = world.here.organisation.code
    count = Organisation.objects.count()

    with pytest.raises(actions.CodeTaken, match="THCS Mỹ An"):
        found(world, code=taken)

    assert Organisation.objects.count() == count


def test_a_head_founds_nothing_and_an_officer_nothing_elsewhere(world: World) -> None:
    other = organisation("department", "Sở GD&ĐT Cà Mau", world.ministry)
    count = Organisation.objects.count()

    with pytest.raises(Forbidden):
        found(world, actor=actor(world.here.head))
    with pytest.raises(Forbidden):
        found(world, parent=other)
    with pytest.raises(Forbidden):
        found(world, kind="ministry", parent=None)

    assert Organisation.objects.count() == count


def test_a_school_moves_with_all_below_it_in_one_statement(world: World) -> None:
    school = world.elsewhere.organisation
    campus = organisation("campus", "Điểm trường 2", school)

    with CaptureQueriesContext(connection) as captured:
        actions.move_organisation(
            actor=actor(world.department_officer), organisation=school, to=world.commune_office, on=TODAY
        )

    rewrites = [q["sql"] for q in captured.captured_queries if q["sql"].startswith("UPDATE registry_organisation")]
    campus.refresh_from_db()
    school.refresh_from_db()
    assert len(rewrites) == 1
    assert school.parent_id == world.commune_office.id
    assert school.lineage == f"{world.commune_office.lineage}{school.id}."
    assert campus.lineage == f"{school.lineage}{campus.id}."
    assert campus.parent_id == school.id
    row = AuditRow.objects.get()
    assert (row.verb, row.details["moved"]) == ("organisation.moved", 2)
    assert OutboxEvent.objects.get().name == "registry.organisation_moved"


def test_a_moved_school_is_covered_by_its_new_manager_only(world: World) -> None:
    school = world.here.organisation
    actions.move_organisation(actor=actor(world.department_officer), organisation=school, to=world.department, on=TODAY)

    assert school.id not in (queries.covered_by(world.commune_office.id) or frozenset())
    assert school.id in (queries.covered_by(world.department.id) or frozenset())


def test_a_body_is_never_moved_below_itself(world: World) -> None:
    before = lineages()

    with pytest.raises(actions.MovedIntoItself):
        actions.move_organisation(
            actor=actor(world.ministry_officer), organisation=world.department, to=world.commune_office, on=TODAY
        )

    assert lineages() == before


def test_moving_needs_the_right_at_both_ends(world: World) -> None:
    other = organisation("department", "Sở GD&ĐT Cà Mau", world.ministry)
    before = lineages()

    for who in (world.department_officer, world.here.head):
        with pytest.raises(Forbidden):
            actions.move_organisation(actor=actor(who), organisation=world.here.organisation, to=other, on=TODAY)

    assert lineages() == before


def test_a_school_is_closed_once_its_campuses_are(world: World) -> None:
    officer = actor(world.department_officer)
    school = world.here.organisation
    campus = organisation("campus", "Điểm trường 2", school)

    with pytest.raises(actions.HasOpenUnits):
        actions.close_organisation(actor=officer, organisation=school, on=TODAY, reason="sáp nhập")
    school.refresh_from_db()
    assert school.valid_to is None

    actions.close_organisation(actor=officer, organisation=campus, on=TODAY, reason="sáp nhập")
    actions.close_organisation(actor=officer, organisation=school, on=TODAY, reason="sáp nhập")
    assert school.valid_to == TODAY


def test_the_subtree_comes_parents_first(world: World) -> None:
    names = [row.name for row in queries.subtree(world.department)]

    assert names == ["Sở GD&ĐT Đồng Tháp", "UBND xã Mỹ An", "THCS Mỹ An", "THCS&THPT Đốc Binh Kiều"]


def test_an_actor_sees_the_organisations_of_its_roles(world: World) -> None:
    def seen(account: object) -> set[str]:
        return {row.name for row in queries.visible_organisations(actor(account))}  # type: ignore[arg-type]

    assert seen(world.here.teacher) == {"THCS Mỹ An"}
    assert len(seen(world.department_officer)) == 4
    assert len(seen(world.ministry_officer)) == 5


def test_an_unknown_organisation_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        queries.organisation_of(uuid4())


@pytest.fixture
def schools(world: World) -> list[Organisation]:
    province = Territory.objects.get(level="province", code="82")
    commune = Territory.objects.filter(parent=province).order_by("code").first()
    made = []
    for number in range(60):
        one = organisation("school", f"Trường Tiểu học Số {number:02}", world.commune_office)
        Organisation.objects.filter(id=one.id).update(territory=commune, level_groups="02")
        made.append(one)
    return made


@pytest.mark.parametrize("text", ["doc binh kieu", "ĐỐC BINH", "binh  Kiều"])
def test_the_directory_is_searched_without_diacritics(world: World, text: str) -> None:
    assert [entry.name for entry in queries.directory(text=text).entries] == ["THCS&THPT Đốc Binh Kiều"]


def test_the_directory_pages_through_every_school_once(schools: list[Organisation]) -> None:
    first = queries.directory()
    second = queries.directory(after=first.next_cursor)

    names = [entry.name for entry in [*first.entries, *second.entries]]
    assert len(first.entries) == 50
    assert len(names) == len(set(names)) == 62
    assert second.next_cursor == ""


def test_the_directory_is_narrowed_by_province_and_level(schools: list[Organisation]) -> None:
    assert len(queries.directory(province="82", level_group="02").entries) == 50
    assert queries.directory(province="96").entries == []
    assert queries.directory(level_group="04").entries == []


def test_a_closed_school_leaves_the_directory(world: World) -> None:
    Organisation.objects.filter(id=world.here.organisation.id).update(valid_to=date(2026, 1, 1))

    assert [entry.name for entry in queries.directory().entries] == ["THCS&THPT Đốc Binh Kiều"]


@pytest.mark.parametrize(
    "path", ["/directory/?q=doc+binh", "/directory/?after=%00~x&q=%00&province=%00%27&level=zz", "/directory/"]
)
def test_anybody_may_open_the_directory(world: World, client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_directory_costs_the_same_for_two_schools_and_for_sixty(world: World, client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/directory/")
        return len(captured.captured_queries)

    cost()
    few = cost()
    for number in range(58):
        organisation("school", f"Trường {number}", world.commune_office)

    assert cost() == few


def test_the_page_of_an_organisation_shows_who_manages_it(world: World, client) -> None:
    page = client.get(f"/organisations/{world.here.organisation.public_id}/").content.decode()

    assert "UBND xã Mỹ An" in page
    assert client.get(f"/organisations/{uuid4()}/").status_code == 404
