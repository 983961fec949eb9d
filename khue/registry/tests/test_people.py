from datetime import date
from uuid import uuid4

import pytest

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, OutboxEvent
from khue.foundation.text import name_sort_key
from khue.registry import actions, queries
from khue.registry.actions import PersonDetails
from khue.registry.models import Affiliation, Guardianship, PartialDate, Person
from tests.world import TODAY, World, actor, person


def record(world: World, **given: object) -> Person:
    details = PersonDetails(**{"full_name": "Nguyễn Thị Mai", **given})  # type: ignore[arg-type]
    return actions.record_person(
        actor=actor(world.here.clerk), organisation=world.here.organisation, kind="pupil", details=details, on=TODAY
    )


def test_a_person_is_recorded_composed_and_belongs_to_the_school(world: World) -> None:
    made = record(world, full_name="  Nguye\u0302\u0303n  Thi\u0323 Mai ", birth=PartialDate(2015, 3))

    assert made.full_name == "Nguyễn Thị Mai"
    assert str(made.birth) == "03/2015"
    made.refresh_from_db()
    assert made.folded_name == "nguyen thi mai"
    row = Affiliation.objects.get(person=made)
    assert (row.organisation_id, row.kind, row.valid_from) == (world.here.organisation.id, "pupil", TODAY)
    assert (row.folded_name, bytes(row.sort_key or b"")) == ("nguyen thi mai", name_sort_key("Nguyễn Thị Mai"))
    assert AuditRow.objects.get().verb == "person.recorded"


@pytest.mark.parametrize("name", ["Hạnh", "Công Tằng Tôn Nữ Thị Bích Ngọc", "John Smith", "H'Hen Niê"])
def test_names_of_one_word_and_of_eight_are_names(world: World, name: str) -> None:
    assert record(world, full_name=name).full_name == name


def test_a_foreigner_needs_no_number(world: World) -> None:
    first = record(world, full_name="Anna Lee", nationality="KR", foreign_paper="M123", ethnicity="55")
    second = record(world, full_name="Tom Lee", nationality="KR")

    assert first.national_id is second.national_id is None


def test_a_number_that_looks_wrong_is_kept_and_warned_about(world: World) -> None:
    made = record(world, national_id="'087 315 001 234", sex="1", birth=PartialDate(2016))
    card = queries.person_card(actor(world.here.clerk), made)

    assert made.national_id == "087315001234"
    assert [warning.code for warning in card.warnings] == ["sex", "birth_year"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"full_name": "  "}, actions.NameMissing),
        ({"full_name": "A" * 201}, actions.NameMissing),
        ({"national_id": "0872150012345"}, actions.NumberTooLong),
    ],
)
def test_what_no_row_can_hold_is_refused(world: World, given: dict[str, object], refusal: type[Exception]) -> None:
    count = Person.objects.count()

    with pytest.raises(refusal):
        record(world, **given)

    assert Person.objects.count() == count


def test_a_number_another_school_holds_is_refused_without_a_name(world: World) -> None:
    holder = person("Trần Văn Bí Mật", world.elsewhere.organisation, "pupil", national_id="087215001234")
    clerk = actor(world.here.clerk)

    with scope.of(clerk):
        assert not Person.objects.filter(id=holder.id).exists()
        with pytest.raises(actions.NumberTaken) as refusal:
            record(world, national_id="087215001234")

    assert "Bí Mật" not in str(refusal.value)
    assert Person.objects.filter(national_id="087215001234").count() == 1


def test_a_teacher_records_and_corrects_nobody(world: World) -> None:
    made = record(world)
    details = PersonDetails(full_name="Khác")
    count = Person.objects.count()

    for who in (world.here.teacher, world.here.pupils[0], world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            actions.record_person(
                actor=actor(who), organisation=world.here.organisation, kind="pupil", details=details, on=TODAY
            )
        with pytest.raises(Forbidden):
            actions.correct_person(actor=actor(who), person=made, details=details)

    made.refresh_from_db()
    assert made.full_name == "Nguyễn Thị Mai"
    assert Person.objects.count() == count


def test_a_correction_keeps_before_and_after_and_renames_everywhere(world: World) -> None:
    made = record(world, birth=PartialDate(2015))
    details = PersonDetails(full_name="Nguyễn Thị Mây", birth=PartialDate(2015))
    actions.correct_person(actor=actor(world.here.clerk), person=made, details=details, reason="theo khai sinh")

    row = AuditRow.objects.get(verb="person.corrected")
    assert row.details == {
        "before": {"full_name": "Nguyễn Thị Mai"},
        "after": {"full_name": "Nguyễn Thị Mây"},
        "reason": "theo khai sinh",
    }
    belonging = Affiliation.objects.get(person=made)
    assert belonging.folded_name == "nguyen thi may"
    assert bytes(belonging.sort_key or b"") == name_sort_key("Nguyễn Thị Mây")
    assert OutboxEvent.objects.get(name="registry.person_corrected").payload["fields"] == ["full_name"]


def test_a_correction_that_changes_nothing_leaves_no_trace(world: World) -> None:
    made = record(world, birth=PartialDate(2015), national_id="087315001234")
    details = PersonDetails(full_name="Nguyễn Thị Mai", birth=PartialDate(2015), national_id="087 315 001 234")

    actions.correct_person(actor=actor(world.here.clerk), person=made, details=details)

    assert not AuditRow.objects.filter(verb="person.corrected").exists()


def test_belonging_begins_once_and_ends_with_a_day(world: World) -> None:
    made = record(world)
    clerk = actor(world.here.clerk)
    arguments = {"actor": clerk, "person": made, "organisation": world.here.organisation, "kind": "staff", "on": TODAY}

    first = actions.affiliate(**arguments)  # type: ignore[arg-type]
    again = actions.affiliate(**arguments)  # type: ignore[arg-type]
    actions.end_affiliation(actor=clerk, affiliation=first, on=date(2026, 12, 31))

    assert first.id == again.id
    assert first.valid_to == date(2026, 12, 31)


def test_belonging_does_not_end_before_it_began_and_not_by_a_stranger(world: World) -> None:
    row = Affiliation.objects.get(person=record(world))

    with pytest.raises(Forbidden):
        actions.end_affiliation(actor=actor(world.elsewhere.clerk), affiliation=row, on=TODAY)
    with pytest.raises(Exception, match="trước ngày bắt đầu"):
        actions.end_affiliation(actor=actor(world.here.clerk), affiliation=row, on=date(2020, 1, 1))
    with pytest.raises(Forbidden):
        actions.affiliate(
            actor=actor(world.elsewhere.clerk),
            person=row.person,
            organisation=world.here.organisation,
            kind="staff",
            on=TODAY,
        )

    row.refresh_from_db()
    assert row.valid_to is None
    assert Affiliation.objects.filter(person=row.person).count() == 1


def test_who_sees_whose_file(world: World) -> None:
    pupil, other = world.here.pupils[0].person, world.here.pupils[1].person
    stranger = world.elsewhere.pupils[0].person

    def sees(account: object) -> list[bool]:
        who = actor(account)  # type: ignore[arg-type]
        found = []
        with scope.of(who):
            for one in (pupil, other, stranger):
                try:
                    found.append(queries.person_of(who, one.public_id) == one)
                except NotFound:
                    found.append(False)
        return found

    assert sees(world.here.pupils[0]) == [True, False, False]
    assert sees(world.here.guardians[0]) == [True, False, False]
    assert sees(world.here.teacher) == [True, True, False]
    assert sees(world.here.clerk) == [True, True, False]
    assert sees(world.elsewhere.head) == [False, False, True]
    assert sees(world.department_officer) == [True, True, True]
    assert sees(world.ministry_officer) == [True, True, True]


def test_a_guardian_barred_by_a_court_sees_nothing_of_the_child(world: World) -> None:
    guardian = actor(world.here.guardians[0])
    child = world.here.pupils[0].person
    Guardianship.objects.filter(child=child).update(is_barred=True)

    with scope.of(guardian), pytest.raises(NotFound):
        queries.person_of(guardian, child.public_id)
    assert queries.wards_of(world.here.guardians[0].person_id) == frozenset()


def test_the_page_of_a_person_shows_numbers_to_the_clerk_and_not_to_the_teacher(world: World, client_of) -> None:
    made = record(world, national_id="087315001234", sex="2", birth=PartialDate(2015))
    path = f"/people/{made.public_id}/"

    assert "087315001234" in client_of(world.here.clerk).get(path).content.decode()
    teacher = client_of(world.here.teacher).get(path)
    assert teacher.status_code == 200
    assert "087315001234" not in teacher.content.decode()
    assert client_of(world.elsewhere.head).get(path).status_code == 404
    assert client_of(world.here.pupils[0]).get(path).status_code == 404
    assert client_of(world.here.clerk).get(f"/people/{uuid4()}/").status_code == 404


def test_a_clerk_corrects_a_file_on_its_page(world: World, client_of) -> None:
    made = record(world)
    client = client_of(world.here.clerk)
    path = f"/people/{made.public_id}/correct/"
    given = {"full_name": "Nguyễn Thị Mây", "sex": "2", "birth": "29/02/2015", "nationality": "VN"}

    assert client.get(path).status_code == 200
    wrong = client.post(path, given)
    assert wrong.status_code == 422
    assert "Tháng 2 năm 2015 không có ngày 29" in wrong.content.decode()
    assert client.post(path, {**given, "birth": "28/02/2015"}).status_code == 303
    made.refresh_from_db()
    assert (made.full_name, str(made.birth)) == ("Nguyễn Thị Mây", "28/02/2015")
    assert client_of(world.here.teacher).get(path).status_code == 403
    assert client_of(world.elsewhere.clerk).get(path).status_code == 404
