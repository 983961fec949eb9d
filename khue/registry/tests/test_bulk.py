from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.foundation.text import name_sort_key
from khue.registry import actions, queries
from khue.registry.actions import PersonChange, PersonDetails, RecordedPerson
from khue.registry.models import Affiliation, PartialDate, Person
from tests.world import TODAY, World, actor, person


def record(world: World, people: list[PersonDetails]) -> list[RecordedPerson]:
    clerk = actor(world.here.clerk)
    with scope.of(clerk):
        return actions.record_people(
            actor=clerk, organisation=world.here.organisation, kind="pupil", people=people, on=TODAY
        )


def outcomes(answers: list[RecordedPerson]) -> list[str]:
    return [str(answer.outcome) for answer in answers]


def test_many_people_are_recorded_as_one_would_be(world: World) -> None:
    details = PersonDetails(
        full_name="Nguye\u0302\u0303n Thị  Mai",
        sex="2",
        birth=PartialDate(2015, 3),
        moet_code="8712345678",
        is_disabled=True,
    )
    (answer,) = record(world, [details])
    one = actions.record_person(
        actor=actor(world.here.clerk),
        organisation=world.here.organisation,
        kind="pupil",
        details=PersonDetails(full_name="Nguyễn Thị Mai", sex="2", birth=PartialDate(2015, 3), is_disabled=True),
        on=TODAY,
    )
    many = Person.objects.get(id=answer.person_id)
    assert many.public_id == answer.public_id
    same = [f.name for f in Person._meta.fields if f.name not in ("id", "public_id", "moet_code", "sort_key")]
    one.refresh_from_db()
    assert {name: getattr(many, name) for name in same} == {name: getattr(one, name) for name in same}
    assert bytes(many.sort_key) == bytes(one.sort_key) == name_sort_key("Nguyễn Thị Mai")
    belonging = Affiliation.objects.get(person=many)
    assert (belonging.folded_name, belonging.kind) == ("nguyen thi mai", "pupil")


def test_the_same_numbers_again_add_nobody(world: World) -> None:
    people = [PersonDetails(full_name=f"Em {n}", moet_code=f"87{n:08}") for n in range(20)]
    first = record(world, people)
    count = Person.objects.count()
    second = record(world, people)

    assert Counter(outcomes(first)) == {"created": 20}
    assert Counter(outcomes(second)) == {"known": 20}
    assert [a.person_id for a in first] == [a.person_id for a in second]
    assert Person.objects.count() == count
    assert Affiliation.objects.filter(person_id=first[0].person_id).count() == 1


def test_two_rows_with_one_number_are_one_person(world: World) -> None:
    first, second, third = record(
        world,
        [
            PersonDetails(full_name="Em A", national_id="087315001234"),
            PersonDetails(full_name="Em A", national_id="087 315 001 234", moet_code="8700000001"),
            PersonDetails(full_name="Em A", moet_code="8700000002"),
        ],
    )

    assert first.person_id == second.person_id != third.person_id
    assert outcomes([first, second, third]) == ["created", "known", "created"]


def test_namesakes_without_a_number_are_two_people(world: World) -> None:
    first, second = record(world, [PersonDetails(full_name="Nguyễn Văn An")] * 2)

    assert first.person_id != second.person_id


def test_a_number_kept_elsewhere_is_named_and_nothing_is_written(world: World) -> None:
    person("Trần Văn Bí Mật", world.elsewhere.organisation, "pupil", national_id="087215001234")
    before = Affiliation.objects.count()

    (answer,) = record(world, [PersonDetails(full_name="Ai đó", national_id="087215001234")])

    assert answer == RecordedPerson(None, None, answer.outcome)
    assert answer.outcome == "elsewhere"
    assert Affiliation.objects.count() == before


def test_two_numbers_of_two_people_are_ambiguous(world: World) -> None:
    person("Một", world.here.organisation, "pupil", national_id="087215001234")
    person("Hai", world.here.organisation, "pupil", moet_code="8700000001")
    count = Person.objects.count()

    (answer,) = record(world, [PersonDetails(full_name="Ai", national_id="087215001234", moet_code="8700000001")])

    assert answer.outcome == "ambiguous"
    assert Person.objects.count() == count


def test_one_unusable_row_stops_all(world: World) -> None:
    count = Person.objects.count()

    with pytest.raises(actions.NameMissing):
        record(world, [PersonDetails(full_name="Em A"), PersonDetails(full_name="")])

    assert Person.objects.count() == count


def test_statements_do_not_grow_with_people(world: World, django_assert_num_queries) -> None:
    clerk = actor(world.here.clerk)

    def go(count: int) -> None:
        people = [PersonDetails(full_name=f"Em {n}") for n in range(count)]
        actions.record_people(actor=clerk, organisation=world.here.organisation, kind="pupil", people=people, on=TODAY)

    for count in (3, 300):
        with django_assert_num_queries(12):
            go(count)


def test_files_are_corrected_where_something_differs(world: World) -> None:
    clerk = actor(world.here.clerk)
    mine = person("Em Cũ", world.here.organisation, "pupil", birth_year=2015)
    same = person("Em Giữ", world.here.organisation, "pupil")
    theirs = person("Em Khác", world.elsewhere.organisation, "pupil")
    changes = [
        PersonChange(mine.id, PersonDetails(full_name="Em Mới", birth=PartialDate(2015, 2))),
        PersonChange(same.id, PersonDetails(full_name="Em Giữ")),
        PersonChange(theirs.id, PersonDetails(full_name="Em Đổi")),
    ]

    assert actions.correct_people(actor=clerk, organisation=world.here.organisation, changes=changes) == [mine.id]
    mine.refresh_from_db()
    assert (mine.full_name, str(mine.birth)) == ("Em Mới", "02/2015")
    assert Affiliation.objects.get(person=mine).folded_name == "em moi"
    assert AuditRow.objects.get().details == {"corrected": [mine.id], "asked": 3}
    assert Person.objects.get(id=theirs.id).full_name == "Em Khác"


def test_strangers_record_and_correct_nobody(world: World) -> None:
    mine = person("Em Cũ", world.here.organisation, "pupil")
    count = Person.objects.count()

    for who in (world.here.teacher, world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            actions.record_people(
                actor=actor(who),
                organisation=world.here.organisation,
                kind="pupil",
                people=[PersonDetails(full_name="X")],
                on=TODAY,
            )
        with pytest.raises(Forbidden):
            actions.correct_people(
                actor=actor(who),
                organisation=world.here.organisation,
                changes=[PersonChange(mine.id, PersonDetails(full_name="X"))],
            )

    mine.refresh_from_db()
    assert mine.full_name == "Em Cũ"
    assert Person.objects.count() == count


def test_members_are_listed_for_matching(world: World) -> None:
    record(world, [PersonDetails(full_name="Nguyễn Thị Ân", birth=PartialDate(2015), moet_code="8700000009")])

    found = [m for m in queries.members_of(world.here.organisation, "pupil") if m.moet_code]

    assert [(m.folded_name, m.birth, m.national_id) for m in found] == [("nguyen thi an", PartialDate(2015), "")]
    assert queries.holders_of(["8700000009", "0"]) == {"8700000009": found[0].person_id}


names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
numbers = st.sampled_from(["", "", "087315001234", "087315001235", "'087315001234"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(PersonDetails, full_name=names.filter(str.strip), national_id=numbers), max_size=6))
def test_each_row_gets_one_answer_and_each_number_one_person(world: World, people: list[PersonDetails]) -> None:
    answers = record(world, people)

    assert len(answers) == len(people)
    assert all(answer.person_id for answer in answers)
    holders = Person.objects.exclude(national_id=None).values_list("national_id", flat=True)
    assert len(holders) == len(set(holders))
