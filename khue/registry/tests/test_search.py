"""People found by name: what is found, in which order, for whom, and that an index does the work."""

from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.text import fold, name_sort_key
from khue.registry import actions, queries
from khue.registry.actions import PersonDetails
from khue.registry.models import Affiliation, Person
from tests.world import TODAY, World, actor, person


def names(who: Actor, **asked: str) -> list[str]:
    with scope.of(who):
        return [row.full_name for row in queries.people_named(who, **asked).rows]


@pytest.fixture
def clerk(world: World) -> Actor:
    for name in (
        "Nguyễn Thị Bích Ngọc",
        "Đỗ Văn Đức",
        "Lê Hoàng Anh",
        "Trần Thị Ánh",
        "An",
        "H'Hen Niê",
        "Nguyen Peter",
    ):
        person(name, world.here.organisation, "pupil")
    person("Nguyễn Thị Bích Ngọc", world.elsewhere.organisation, "pupil")
    return actor(world.here.clerk)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nguyen thi bich", ["Nguyễn Thị Bích Ngọc"]),
        ("NGUYỄN BÍCH", ["Nguyễn Thị Bích Ngọc"]),
        ("ngoc nguyen", ["Nguyễn Thị Bích Ngọc"]),
        ("do van duc", ["Đỗ Văn Đức"]),
        ("đỗ đức", ["Đỗ Văn Đức"]),
        ("ich", []),
        ("an", ["An", "Lê Hoàng Anh", "Trần Thị Ánh"]),
        ("h'h", ["H'Hen Niê"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("\x00duc", ["Đỗ Văn Đức"]),
        ("'; DROP TABLE", []),
    ],
)
def test_names_are_found_by_the_beginnings_of_their_words(clerk: Actor, text: str, found: list[str]) -> None:
    assert names(clerk, text=text, kind="pupil") == found


def test_people_come_in_the_order_of_a_class_list(world: World, clerk: Actor) -> None:
    assert names(clerk, kind="pupil") == [
        "Nguyễn Văn A",
        "An",
        "Lê Hoàng Anh",
        "Trần Thị Ánh",
        "Nguyễn Văn B",
        "Nguyễn Văn C",
        "Đỗ Văn Đức",
        "Nguyễn Thị Bích Ngọc",
        "H'Hen Niê",
        "Nguyen Peter",
    ]


def test_a_number_finds_its_holder_only_where_it_may_be_seen(world: World, clerk: Actor) -> None:
    person("Có Số", world.here.organisation, "pupil", national_id="087215001234", moet_code="8712345678")
    person("Bí Mật", world.elsewhere.organisation, "pupil", national_id="087215009999")

    assert names(clerk, text="087 215 001 234") == ["Có Số"]
    assert names(clerk, text="8712345678") == ["Có Số"]
    assert names(clerk, text="087215009999") == []


def test_each_role_finds_the_people_of_its_own_organisations(world: World, clerk: Actor) -> None:
    twice = ["Nguyễn Thị Bích Ngọc"] * 2

    assert names(actor(world.here.teacher), text="bich ngoc") == twice[:1]
    assert names(actor(world.elsewhere.head), text="bich ngoc") == twice[:1]
    assert names(actor(world.department_officer), text="bich ngoc") == twice
    assert names(actor(world.ministry_officer), text="bich ngoc") == twice
    assert names(actor(world.here.pupils[0]), text="bich ngoc") == []
    assert names(actor(world.here.guardians[0]), text="bich ngoc") == []


def test_the_search_never_leaves_the_scope_whatever_it_is_asked(world: World, clerk: Actor) -> None:
    places = [world.here.organisation.id, world.elsewhere.organisation.id]
    ask = "SELECT count(*) FROM registry_members_named('{bich}', '{pupil}', %s, '2026-11-23', NULL, NULL, 50)"

    def found(value: list[int] | None) -> int:
        with scope.of(clerk), connection.cursor() as cursor:
            cursor.execute(ask, [value])
            return int(cursor.fetchone()[0])

    assert found(places) == found(None) == found([world.here.organisation.id]) == 1
    assert found([world.elsewhere.organisation.id]) == 0


def test_another_rooms_list_is_searched_among_those_within_scope_and_in_the_middle_of_words(
    world: World, clerk: Actor
) -> None:
    here, there = world.here.organisation, world.elsewhere.organisation
    moved = person("Võ Thị Ngọc", there, "pupil")
    Affiliation.objects.create(person=moved, organisation=here, kind="pupil", valid_from=TODAY)

    def found(who: Actor, *words: str) -> list[str]:
        with scope.of(who):
            ids = list(queries.visible_ids_named(who, words))
        return sorted(Person.objects.filter(id__in=ids).values_list("full_name", flat=True))

    assert found(clerk, "ngoc") == ["Nguyễn Thị Bích Ngọc", "Võ Thị Ngọc"]
    assert found(clerk, "ich", "goc") == ["Nguyễn Thị Bích Ngọc"]
    assert found(clerk, "ngoc", "duc") == found(Actor(), "ngoc") == []
    assert found(actor(world.elsewhere.clerk), "ngoc") == ["Nguyễn Thị Bích Ngọc", "Võ Thị Ngọc"]
    assert len(found(SYSTEM, "ngoc")) == 3


def test_somebody_of_two_kinds_or_two_schools_is_found_once(world: World, clerk: Actor) -> None:
    teacher = world.here.teacher.person
    Affiliation.objects.create(person=teacher, organisation=world.here.organisation, kind="guardian", valid_from=TODAY)
    Affiliation.objects.create(
        person=teacher, organisation=world.elsewhere.organisation, kind="staff", valid_from=TODAY
    )

    assert names(actor(world.department_officer), text=teacher.full_name).count(teacher.full_name) == 2
    with scope.of(clerk):
        rows = [r for r in queries.people_named(clerk, text=teacher.full_name).rows if r.public_id == teacher.public_id]
    assert [row.kinds for row in rows] == [("staff", "guardian")]


def test_those_who_left_are_found_no_more(world: World, clerk: Actor) -> None:
    Affiliation.objects.filter(folded_name="do van duc").update(valid_to="2026-11-22")

    assert names(clerk, text="do van duc") == []


def test_pages_show_everybody_once_in_order(world: World) -> None:
    clerk = actor(world.here.clerk)
    people = [PersonDetails(full_name=f"Nguyễn Văn {chr(65 + n % 26)} {n:03}") for n in range(120)]
    actions.record_people(actor=clerk, organisation=world.here.organisation, kind="pupil", people=people, on=TODAY)

    seen: list[str] = []
    cursor = ""
    with scope.of(clerk):
        for _ in range(9):
            found = queries.people_named(clerk, text="van", kind="pupil", after=cursor)
            seen += [row.full_name for row in found.rows]
            cursor = found.next_cursor
            if not cursor:
                break

    assert len(seen) == len(set(seen)) == 123
    assert set(seen) >= {one.full_name for one in people}
    assert seen[:3] == ["Nguyễn Văn A 000", "Nguyễn Văn B 001", "Nguyễn Văn C 002"]


@pytest.mark.parametrize("cursor", ["x", "%%%", "AAAA", "é", "A" * 500, "____________"])
def test_a_cursor_nobody_gave_out_is_a_beginning(clerk: Actor, cursor: str) -> None:
    with scope.of(clerk):
        assert isinstance(queries.people_named(clerk, text="an", after=cursor).rows, list)


def test_the_page_costs_the_same_for_five_people_and_for_fifty(world: World, client_of) -> None:
    client: Client = client_of(world.here.clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/people/?q=van").status_code == 200
        return sum("registry_" in query["sql"] for query in captured.captured_queries)

    cost()
    few = cost()
    people = [PersonDetails(full_name=f"Nguyễn Văn {n}") for n in range(50)]
    arguments = {
        "actor": actor(world.here.clerk),
        "organisation": world.here.organisation,
        "kind": "pupil",
        "on": TODAY,
    }
    actions.record_people(people=people, **arguments)  # type: ignore[arg-type]

    assert cost() == few


def test_only_staff_may_open_the_search(world: World, client_of, client: Client) -> None:
    assert client_of(world.here.pupils[0]).get("/people/").status_code == 403
    assert client_of(world.here.guardians[0]).get("/people/").status_code == 403
    assert client_of(world.here.teacher).get("/people/?q=nguyen&kind=zz&after=zz").status_code == 200
    assert client.get("/people/").status_code in (302, 303, 403)


@pytest.mark.parametrize("role", ["teacher", "head", "clerk"])
def test_staff_search_from_the_header_of_every_page(world: World, client_of, role: str) -> None:
    page = client_of(getattr(world.here, role)).get("/messages/").content.decode()

    assert page.count('action="/search/"') == 1  # the box in the header
    assert page.count('class="icon-button plain to-search" href="/search/"') == 1  # the button that a phone shows


def test_a_family_has_nobody_to_search_for(world: World, client_of, client: Client) -> None:
    for account in (world.here.pupils[0], world.here.guardians[0]):
        assert 'action="/search/"' not in client_of(account).get("/messages/").content.decode()
    assert 'action="/search/"' not in client.get("/directory/").content.decode()


def test_a_rare_name_behind_two_thousand_others_is_found_in_many_schools(world: World) -> None:
    schools = (world.here.organisation, world.elsewhere.organisation)
    officer = actor(world.department_officer)
    for school in schools:
        people = [PersonDetails(full_name=f"Lê Văn A {n % 7}") for n in range(1200)]
        actions.record_people(actor=officer, organisation=school, kind="pupil", people=people, on=TODAY)
        person("Ngô Kim Uyên", school, "pupil")

    assert names(officer, text="uyen ngo") == ["Ngô Kim Uyên"] * 2
    assert names(officer, text="ngo kim uyen") == ["Ngô Kim Uyên"] * 2
    assert len(names(officer, text="le van")) == queries.finding.FOUND == 20
    assert len(names(officer, text="le van a")) == len(names(officer, text="")) - 30 == 20


WORDS = ["Nguyễn", "Ngô", "Đỗ", "Thị", "Thi", "Văn", "Vân", "An", "Anh", "Ánh", "H'Hen", "Uyên"]
TYPED = ["n", "ng", "nguyen", "ngo", "d", "do", "t", "thi", "v", "van", "a", "an", "anh", "h'", "uyen", "uyenn", "x"]


@pytest.fixture
def everybody(world: World) -> list[str]:
    """Two hundred people of two schools with names of one to six of the words, as a class list orders them."""
    places = (world.here.organisation, world.elsewhere.organisation)
    names = [" ".join(WORDS[(n * 7 + i * (n % 5 + 1)) % len(WORDS)] for i in range(n % 6 + 1)) for n in range(200)]
    Affiliation.objects.all().delete()
    for n, place in product(range(2), places):
        people = [PersonDetails(full_name=name) for name in names[n::2]]
        officer = actor(world.department_officer)
        actions.record_people(actor=officer, organisation=place, kind="pupil", people=people, on=TODAY)
    return sorted(names, key=name_sort_key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=120)
@given(typed=st.lists(st.sampled_from(TYPED), min_size=1, max_size=6))
def test_whoever_has_all_words_from_their_beginnings_is_found_and_nobody_else(
    world: World, everybody: list[str], typed: list[str]
) -> None:
    fits = [n for n in everybody if all(any(w.startswith(t) for w in fold(n).split()) for t in typed)]
    in_two_schools = [name for name in fits for _ in range(2)]

    assert names(actor(world.here.clerk), text=" ".join(typed)) == fits[:20]  # one school
    assert names(actor(world.department_officer), text=" ".join(typed)) == in_two_schools[:20]  # a few
    assert names(actor(world.ministry_officer), text=" ".join(typed)) == in_two_schools[:20]  # all


def test_words_that_nobody_bore_before_are_known_at_once_and_after_a_correction(world: World) -> None:
    made = person("Zacharias Wolfgang", world.here.organisation, "pupil")
    officer = actor(world.ministry_officer)
    assert names(officer, text="wolf zach") == ["Zacharias Wolfgang"]

    details = PersonDetails(full_name="Zacharias Quintus")
    actions.correct_person(actor=actor(world.here.clerk), person=made, details=details)

    assert names(officer, text="quin zach") == ["Zacharias Quintus"]
    assert names(officer, text="wolf zach") == []


def test_very_common_words_are_searched_piece_by_piece_and_the_page_says_so(world: World, client_of) -> None:
    place = world.here.organisation.id
    _many(place, "An An", 20_050)
    _many(place, "Nguyễn Thị Yến", 2_050)
    officer = actor(world.ministry_officer)

    with scope.of(officer):
        first = queries.people_named(officer, text="nguyen thi yen")
        second = queries.people_named(officer, text="nguyen thi yen", after=first.next_cursor)
    page = client_of(world.ministry_officer).get("/people/?q=nguyen+thi+yen").content.decode()

    assert (first.rows, first.is_partial) == ([], True)
    assert [row.full_name for row in second.rows] == ["Nguyễn Thị Yến"] * 20
    assert (second.is_partial, bool(second.next_cursor)) == (False, True)
    assert "mới tìm được một phần" in page
    assert 'rel="next"' in page
    assert "Không tìm thấy ai" not in page
    assert len(names(actor(world.here.clerk), text="nguyen thi yen")) == 20  # one school is searched to its end


def _many(organisation_id: int, name: str, count: int) -> None:
    with scope.of_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO registry_person (public_id, organisation_id, full_name, sort_key, sex, other_name,
                    birthplace, foreign_paper, ethnicity, nationality, address, phone, email, is_disabled,
                    is_poor_household)
                SELECT gen_random_uuid(), %s, %s, %s, '1', '', '', '', '', 'VN', '', '', '', false, false
                FROM generate_series(1, %s) RETURNING id, sort_key, folded_name)
            INSERT INTO registry_affiliation (person_id, organisation_id, kind, valid_from, sort_key, folded_name)
            SELECT id, %s, 'pupil', %s, sort_key, folded_name FROM made
            """,
            [organisation_id, name, name_sort_key(name), count, organisation_id, TODAY],
        )
