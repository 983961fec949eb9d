"""Bodies merge, split, change manager; communes are replaced: history stays true, and old codes find who stands now."""

from datetime import date, timedelta

import pytest

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, OutboxEvent
from khue.registry import actions, queries
from khue.registry.actions import OrganisationDetails
from khue.registry.models import FormerTerritory, Management, Organisation, OrganisationCode, Succession, Territory
from khue.schools.models import Enrolment
from tests.world import TODAY, World, actor, organisation

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("actions.organisations", "queries.successions"):
        monkeypatch.setattr(f"khue.registry.{module}.today", lambda: TODAY)


def merge(world: World, *merging: Organisation, into: Organisation, **given: object) -> Organisation:
    said = {"actor": actor(world.department_officer), "on": TODAY, "decision": "QĐ 12/QĐ-UBND ngày 20/11/2026"}
    return actions.merge_organisations(merging=merging, into=into, **{**said, **given})  # type: ignore[arg-type]


def test_a_merged_school_keeps_its_history_and_its_code_finds_the_successor(world: World) -> None:
    old, new = world.here.organisation, world.elsewhere.organisation
    campus = organisation("campus", "Điểm Gò Tháp", old)
    pupils = Enrolment.objects.filter(organisation=old).count()

    merge(world, old, into=new, keep_as_campuses=True)

    old.refresh_from_db()
    campus.refresh_from_db()
    assert (old.valid_to, campus.parent_id) == (YESTERDAY, new.id)
    assert Enrolment.objects.filter(organisation=old).count() == pupils == 3
    assert sorted(queries.children_of(new).values_list("name", flat=True)) == ["THCS Mỹ An", "Điểm Gò Tháp"]
    then = queries.body_of_code(old.code, on=date(2026, 10, 1))
    assert (then.body, then.now) == (old, (new,))
    assert queries.body_of_code(old.code, on=TODAY) is None
    assert [(s.predecessor, s.successor, s.kind) for s in queries.successions_of(new)] == [(old, new, "merged")]
    assert AuditRow.objects.filter(verb="organisation.merged").count() == 1
    assert OutboxEvent.objects.get(name="registry.organisations_merged").payload["merged_ids"] == [old.id]


def test_a_code_is_followed_through_several_changes(world: World) -> None:
    first, second = world.here.organisation, world.elsewhere.organisation
    third = organisation("school", "THCS Tháp Mười", world.department)
    merge(world, first, into=second, on=TODAY - timedelta(days=10))
    merge(world, second, into=third, on=TODAY)

    assert queries.body_of_code(first.code, on=date(2026, 10, 1)).now == (third,)
    assert queries.heirs_of(first, TODAY - timedelta(days=5)) == [second]
    assert queries.heirs_of(third) == [third]


def test_a_split_school_has_several_successors(world: World) -> None:
    school = world.elsewhere.organisation
    parts = [OrganisationDetails(name="THCS Đốc Binh Kiều", code="P1"), OrganisationDetails(name="THPT Đốc Binh Kiều")]

    made = actions.split_organisation(
        actor=actor(world.department_officer), organisation=school, parts=parts, on=TODAY, decision="QĐ 13",
        remains=False,
    )  # fmt: skip

    school.refresh_from_db()
    assert school.valid_to == YESTERDAY
    assert queries.body_of_code(school.code, on=date(2026, 10, 1)).now == tuple(made)
    assert [part.parent_id for part in made] == [world.department.id] * 2


def test_a_school_that_gives_a_part_away_goes_on(world: World) -> None:
    school = world.elsewhere.organisation

    (part,) = actions.split_organisation(
        actor=actor(world.department_officer), organisation=school,
        parts=[OrganisationDetails(name="THCS Láng Biển")], on=TODAY, decision="QĐ 14", remains=True,
    )  # fmt: skip

    assert queries.heirs_of(school) == [school, part]


def test_a_new_manager_is_written_down_with_the_decision_and_the_old_one_stays_true(world: World) -> None:
    school = world.elsewhere.organisation
    Management.objects.create(body=school, manager=world.department, valid_from=date(2020, 1, 1))

    actions.change_manager(
        actor=actor(world.department_officer), organisation=school, to=world.commune_office, on=TODAY,
        decision="QĐ 15/QĐ-UBND",
    )  # fmt: skip

    assert Management.objects.get(body=school, valid_to=None).decision == "QĐ 15/QĐ-UBND"
    assert queries.manager_on(school, TODAY) == world.commune_office
    assert queries.manager_on(school, YESTERDAY) == queries.manager_on(school, date(2020, 1, 1)) == world.department
    assert queries.manager_on(school, date(2019, 1, 1)) is None


def test_an_old_code_of_a_body_finds_it_on_its_days(world: World) -> None:
    school = world.here.organisation
    old = school.code
    school.valid_from = date(2010, 9, 5)
    school.save()

    actions.correct_organisation(
        actor=actor(world.department_officer), organisation=school,
        details=OrganisationDetails(name=school.name, code="82-30001-7"),
    )  # fmt: skip

    assert queries.body_of_code(old, on=date(2012, 1, 1)).body == school
    assert queries.body_of_code("82-30001-7", on=date(2012, 1, 1)) is None
    assert queries.body_of_code("82-30001-7", on=TODAY).body == school
    assert queries.body_of_code(old, on=TODAY) is None
    assert queries.bodies_with_codes([old, "82-30001-7", "?"]) == {old: school, "82-30001-7": school}
    assert [row.code for row in queries.former_codes_of(school)] == [old]


@pytest.mark.parametrize("wrong", ["kinds", "itself", "ended", "nobody", "no decision"])
def test_what_cannot_be_merged_is_refused_and_nothing_changes(world: World, wrong: str) -> None:
    here, elsewhere = world.here.organisation, world.elsewhere.organisation
    if wrong == "ended":
        Organisation.objects.filter(id=here.id).update(valid_to=YESTERDAY)
    before = list(Organisation.objects.order_by("id").values())
    given = {"into": {"kinds": world.commune_office, "itself": here}.get(wrong, elsewhere)}
    given |= {"decision": "  "} if wrong == "no decision" else {}
    merging = () if wrong == "nobody" else (here,)

    refusal = {"nobody": actions.NothingToMerge, "no decision": actions.DecisionMissing}
    with pytest.raises(refusal.get(wrong, actions.NotOfOneKind)):
        merge(world, *merging, **given)

    assert list(Organisation.objects.order_by("id").values()) == before
    assert Succession.objects.count() == OrganisationCode.objects.count() == 0


def test_only_an_officer_above_merges_splits_and_changes_managers(world: World) -> None:
    here, elsewhere = world.here.organisation, world.elsewhere.organisation
    head = actor(world.here.head)

    with pytest.raises(Forbidden):
        merge(world, here, into=elsewhere, actor=head)
    with pytest.raises(Forbidden):
        actions.split_organisation(
            actor=head, organisation=here, parts=[OrganisationDetails(name="x")], on=TODAY, decision="d", remains=True
        )
    with pytest.raises(Forbidden):
        actions.change_manager(actor=head, organisation=here, to=world.department, on=TODAY, decision="d")

    assert (Succession.objects.count(), Organisation.objects.exclude(valid_to=None).count()) == (0, 0)


def commune(code: str, name: str, first: date, last: date | None = None) -> Territory:
    return Territory.objects.create(
        level="commune", code=code, name=name, kind="xã", valid_from=first, valid_to=last, source="a test"
    )


def former(code: str, successor: Territory, on: date) -> None:
    FormerTerritory.objects.create(
        level="commune", code=code, name=f"xã {code}", successor=successor, replaced_on=on, source="a test"
    )


@pytest.mark.django_db
def test_a_communes_code_of_another_day_finds_what_stands_there_today() -> None:
    reform, later = date(2025, 7, 1), date(2026, 3, 1)
    today = commune("99001", "Mới", later)
    between = commune("99002", "Giữa", reform, later - timedelta(days=1))
    other = commune("99003", "Khác", reform)
    former("98001", between, reform)  # merged into one that was replaced later
    former("98002", other, reform)  # divided between two
    former("98002", between, reform)
    former("99002", today, later)

    def found(code: str, on: date) -> list[str]:
        return [place.code for place in queries.territories_of_code("commune", code, on=on)]

    assert found("98001", date(2024, 1, 1)) == ["99001"]
    assert found("98002", date(2024, 1, 1)) == ["99003", "99001"]
    assert found("98001", date(2026, 1, 1)) == []
    assert found("99002", date(2025, 9, 1)) == ["99001"]
    assert found("99003", date(2026, 9, 1)) == ["99003"]
    assert found("97777", date(2024, 1, 1)) == []
