"""Recording and correcting a person on pages: doubts are shown first, and may be passed."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.registry import actions, queries
from khue.registry.actions import PersonDetails
from khue.registry.models import Affiliation, PartialDate, Person, Territory
from tests.world import TODAY, World, actor, person

ClientOf = Callable[[Account], Client]
PATH = "/people/new/"


def typed(world: World, **given: str) -> dict[str, str]:
    standard = {
        "place": str(world.here.organisation.public_id),
        "kind": "pupil",
        "on": "23/11/2026",
        "full_name": "Hoàng Thị Lan",
        "sex": "2",
        "birth": "03/2015",
        "nationality": "VN",
    }
    return {**standard, **given}


def passing(response: object) -> str:
    """The value of the button that saves in spite of the doubts shown."""
    found = re.search(r'name="passed" value="(\w+)"', response.content.decode())  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def test_a_clerk_records_a_pupil_with_what_is_known(world: World, client_of: ClientOf) -> None:
    province = Territory.objects.get(level="province", code="82")
    commune = Territory.objects.filter(parent=province).order_by("code")[0]
    given = typed(
        world, address="Ấp 2, xã Mỹ An, huyện Tháp Mười", province="82", commune=commune.full_name, ethnicity="01"
    )

    answer = client_of(world.here.clerk).post(PATH, given)

    made = Person.objects.get(full_name="Hoàng Thị Lan")
    assert (answer.status_code, answer["Location"]) == (303, f"/people/{made.public_id}/")
    assert (str(made.birth), made.national_id, made.territory_id) == ("03/2015", None, commune.id)
    row = Affiliation.objects.get(person=made)
    assert (row.organisation_id, row.kind, row.valid_from) == (world.here.organisation.id, "pupil", TODAY)
    assert AuditRow.objects.get(verb="person.recorded").subject_id == made.id


@pytest.mark.parametrize("name", ["Hạnh", "Công Tằng Tôn Nữ Thị Bích Ngọc"])
def test_a_name_of_one_word_and_one_of_seven_are_taken_as_they_are(
    world: World, client_of: ClientOf, name: str
) -> None:
    assert client_of(world.here.head).post(PATH, typed(world, full_name=name)).status_code == 303
    assert Person.objects.filter(full_name=name).count() == 1


def test_a_number_that_looks_wrong_is_shown_and_may_be_passed(world: World, client_of: ClientOf) -> None:
    client = client_of(world.here.clerk)
    given = typed(world, national_id="087215001234", birth="2016")
    count = Person.objects.count()

    shown = client.post(PATH, given)

    assert shown.status_code == 422
    assert "Chữ số thứ tư của số định danh không khớp với giới tính." in shown.content.decode()
    assert Person.objects.count() == count
    assert client.post(PATH, {**given, "passed": passing(shown)}).status_code == 303
    assert Person.objects.get(full_name="Hoàng Thị Lan").national_id == "087215001234"


def test_passing_one_doubt_does_not_pass_another(world: World, client_of: ClientOf) -> None:
    client = client_of(world.here.clerk)
    passed = passing(client.post(PATH, typed(world, national_id="087215001234", birth="2016")))
    count = Person.objects.count()

    other = client.post(PATH, typed(world, national_id="087215001234", birth="1999", passed=passed))

    assert other.status_code == 422
    assert Person.objects.count() == count


def test_somebody_who_may_be_the_same_is_shown_before_saving(world: World, client_of: ClientOf) -> None:
    here = world.here.organisation
    same = person("Hoàng Thị Lan", here, "pupil", birth_year=2015)
    person("Hoàng Thị Lan", here, "pupil", birth_year=2014)
    person("Hoàng Thị Lan", world.elsewhere.organisation, "pupil", birth_year=2015)
    client = client_of(world.here.clerk)
    count = Person.objects.count()

    shown = client.post(PATH, typed(world, full_name="hoang thi lan"))

    assert shown.status_code == 422
    assert re.findall(r"/people/([0-9a-f-]{36})/", shown.content.decode()) == [str(same.public_id)]
    assert Person.objects.count() == count
    passed = client.post(PATH, typed(world, full_name="hoang thi lan", passed=passing(shown)))
    assert passed.status_code == 303
    assert Person.objects.count() == count + 1


def test_a_commune_of_before_the_reform_is_refused_beside_its_field(world: World, client_of: ClientOf) -> None:
    count = Person.objects.count()
    client = client_of(world.here.clerk)

    wrong = client.post(PATH, typed(world, province="82", commune="Thị trấn Không Còn"))
    without = client.post(PATH, typed(world, commune="Mỹ An"))

    assert "Tỉnh này không có xã, phường nào tên như vậy" in wrong.content.decode()
    assert "Hãy chọn tỉnh, thành phố của xã, phường này." in without.content.decode()
    assert (wrong.status_code, without.status_code, Person.objects.count()) == (422, 422, count)


def test_only_whoever_keeps_files_records(world: World, client_of: ClientOf) -> None:
    count = Person.objects.count()

    for who in (world.here.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(who).get(PATH).status_code == 403
        assert client_of(who).post(PATH, typed(world)).status_code == 403
    stranger = client_of(world.elsewhere.clerk).post(PATH, typed(world))

    assert stranger.status_code == 422  # the other school is not among the places to choose
    assert Person.objects.count() == count


def test_a_guardian_known_in_another_school_is_recognised_by_number_name_and_birth(world: World) -> None:
    known = person(
        "Trần Văn Cha", world.elsewhere.organisation, "guardian", national_id="087085001234", birth_year=1985
    )
    details = PersonDetails(full_name="tran van cha", national_id="087085001234", birth=PartialDate(1985, 4))
    count = Person.objects.count()

    found = actions.record_person(
        actor=actor(world.here.clerk), organisation=world.here.organisation, kind="guardian", details=details, on=TODAY
    )

    assert (found.id, Person.objects.count()) == (known.id, count)
    assert Affiliation.objects.filter(person=known, organisation=world.here.organisation, kind="guardian").count() == 1
    assert AuditRow.objects.get().verb == "person.recognised"


@pytest.mark.parametrize(
    ("kind", "name", "birth"),
    [
        ("pupil", "Trần Văn Cha", PartialDate(1985)),
        ("guardian", "Trần Văn Khác", PartialDate(1985)),
        ("guardian", "Trần Văn Cha", PartialDate(1986)),
        ("guardian", "Trần Văn Cha", PartialDate()),
    ],
)
def test_a_number_alone_recognises_nobody(world: World, kind: str, name: str, birth: PartialDate) -> None:
    person("Trần Văn Cha", world.elsewhere.organisation, "guardian", national_id="087085001234", birth_year=1985)
    details = PersonDetails(full_name=name, national_id="087085001234", birth=birth)
    count = Affiliation.objects.count()

    with pytest.raises(actions.NumberTaken):
        actions.record_person(
            actor=actor(world.here.clerk), organisation=world.here.organisation, kind=kind, details=details, on=TODAY
        )

    assert Affiliation.objects.count() == count


def test_a_correction_shows_only_what_newly_looks_doubtful(world: World, client_of: ClientOf) -> None:
    made = person("Hoàng Thị Lan", world.here.organisation, "pupil", birth_year=2016, national_id="087215001234")
    client = client_of(world.here.clerk)
    path = f"/people/{made.public_id}/correct/"
    given = {"full_name": "Hoàng Thị Lan", "sex": "0", "birth": "2016", "nationality": "VN"}

    assert client.post(path, {**given, "national_id": "087215001234", "phone": "0912345678"}).status_code == 303
    shown = client.post(path, {**given, "national_id": "08721500123"})
    assert shown.status_code == 422
    assert "làm mất số 0 ở đầu" in shown.content.decode()
    assert client.post(path, {**given, "national_id": "08721500123", "passed": passing(shown)}).status_code == 303

    made.refresh_from_db()
    assert (made.phone, made.national_id) == ("", "08721500123")


def test_the_head_reads_what_was_corrected_and_why(world: World, client_of: ClientOf) -> None:
    made = world.here.pupils[0].person
    details = PersonDetails(full_name="Nguyễn Văn Ân", sex="1", birth=made.birth)
    actions.correct_person(actor=actor(world.here.clerk), person=made, details=details, reason="theo khai sinh")

    page = client_of(world.here.head).get(f"/people/{made.public_id}/").content.decode()

    assert "Họ và tên: Nguyễn Văn A → Nguyễn Văn Ân" in page
    assert "Giới tính: Chưa rõ → Nam" in page
    assert "Lí do: theo khai sinh" in page
    assert "Lịch sử hồ sơ" not in client_of(world.here.teacher).get(f"/people/{made.public_id}/").content.decode()


def test_looking_for_doubts_costs_two_queries_among_two_namesakes_and_among_twenty(world: World) -> None:
    clerk = actor(world.here.clerk)
    details = PersonDetails(full_name="Hoàng Thị Lan", birth=PartialDate(2015), national_id="087315001234")

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            found = queries.doubts_about(clerk, world.here.organisation, details)
        return len(captured.captured_queries), len(found.look_alikes)

    for _ in range(2):
        person("Hoàng Thị Lan", world.here.organisation, "pupil", birth_year=2015)
    assert cost() == (2, 2)
    for _ in range(18):
        person("Hoàng Thị Lan", world.here.organisation, "pupil", birth_year=2015)
    assert cost() == (2, 20)


def test_a_guardian_recorded_for_a_child_goes_on_to_the_child(world: World, client_of: ClientOf) -> None:
    child = world.here.pupils[0].person
    client = client_of(world.here.clerk)
    given = typed(world, kind="guardian", full_name="Hoàng Văn Ông", sex="1", birth="1960", child=str(child.public_id))

    answer = client.post(PATH, given)

    made = Person.objects.get(full_name="Hoàng Văn Ông")
    assert answer["Location"] == f"/people/{child.public_id}/guardians/{made.public_id}/"
    assert client.get(answer["Location"]).status_code == 200
    assert client_of(world.elsewhere.clerk).get(answer["Location"]).status_code == 404
    assert client.get(f"/people/{uuid4()}/guardians/").status_code == 404
