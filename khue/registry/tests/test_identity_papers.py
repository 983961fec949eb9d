"""Identity papers and occupations: written down by the office, read by few, doubted and never refused."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from khue.foundation import scope
from khue.foundation.clock import today
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.registry import actions, queries
from khue.registry.actions import PaperDetails
from khue.registry.identifiers import check_paper
from khue.registry.models import IdentityPaper, PartialDate, Person
from tests.world import TODAY, World, actor

ClientOf = Callable[[Account], Client]
CARD = PaperDetails("5", "087215001234", date(2025, 6, 1), "Bộ Công an")


def recorded(world: World, details: PaperDetails = CARD) -> IdentityPaper:
    return actions.record_paper(
        actor=actor(world.here.clerk), person=world.here.enrolments[0].person, details=details, on=TODAY
    )


def test_a_clerk_writes_down_a_paper_on_the_persons_page(world: World, client_of: ClientOf) -> None:
    child = world.here.enrolments[0].person
    client = client_of(world.here.clerk)
    path = f"/people/{child.public_id}/papers/new/"

    assert client.get(path).status_code == 200
    assert client.post(path, {"kind": "1"}).status_code == 422
    given = {"kind": "1", "number": " 12/2015 ", "issued_on": "05/03/2015", "issuing_place": "UBND xã Mỹ An"}
    assert client.post(path, given).status_code == 303

    made = IdentityPaper.objects.get()
    assert (made.kind, made.number, made.issued_on, made.issuing_place, made.valid_from, made.valid_to) == (
        "1", "12/2015", date(2015, 3, 5), "UBND xã Mỹ An", today(), None,
    )  # fmt: skip
    assert made.organisation == world.here.organisation
    shown = client.get(f"/people/{child.public_id}/").content.decode()
    assert "Giấy khai sinh 12/2015" in shown
    assert "cấp ngày 05/03/2015 · UBND xã Mỹ An" in shown
    assert AuditRow.objects.get(verb="person.paper_recorded").subject_id == child.id


def test_what_nobody_knows_of_a_paper_stays_unknown(world: World, client_of: ClientOf) -> None:
    made = recorded(world, PaperDetails("6", "B1234567"))

    assert (made.issued_on, made.issuing_place) == (None, "")
    shown = client_of(world.here.clerk).get(f"/people/{made.person.public_id}/").content.decode()
    assert "Chưa rõ ngày cấp và nơi cấp" in shown


def test_a_paper_is_corrected_and_withdrawn_and_stays_in_the_file(world: World, client_of: ClientOf) -> None:
    made = recorded(world)
    client = client_of(world.here.head)
    path = f"/papers/{made.public_id}/"

    assert client.get(path).status_code == 200
    assert client.post(path, {"kind": "5", "number": "087215009999"}).status_code == 303
    made.refresh_from_db()
    assert (made.number, made.issued_on) == ("087215009999", None)
    assert client.post(f"{path}withdraw/", {"on": "22/11/2026"}).status_code == 422
    assert client.post(f"{path}withdraw/", {"on": "23/11/2026"}).status_code == 303

    made.refresh_from_db()
    assert made.valid_to == TODAY
    assert "Không còn dùng" in client.get(f"/people/{made.person.public_id}/").content.decode()
    again = recorded(world, PaperDetails("5", "087215009999"))
    assert again.id != made.id


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        (PaperDetails("5", "  "), actions.PaperNumberMissing),
        (PaperDetails("5", "1" * 51), actions.PaperNumberMissing),
        (PaperDetails("5", " 087215001234"), actions.PaperTwice),
    ],
)
def test_what_no_row_can_hold_is_refused(world: World, details: PaperDetails, refusal: type[Exception]) -> None:
    recorded(world)

    with pytest.raises(refusal):
        recorded(world, details)

    assert IdentityPaper.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "number", "issued_on", "codes"),
    [
        ("5", "087215001234", date(2025, 6, 1), []),
        ("5", "087 215 001 234", None, []),
        ("5", "087215009999", None, ["citizen_card"]),
        ("5", "12345", None, ["twelve_digits"]),
        ("2", "123456789", None, []),
        ("2", "1234567", None, ["old_card"]),
        ("6", "B1234567", TODAY + timedelta(days=1), ["future"]),
        ("1", "12", date(2014, 12, 31), ["before_birth"]),
        ("8", "?", date(2015, 1, 1), []),
    ],
)
def test_what_looks_wrong_about_a_paper(kind: str, number: str, issued_on: date | None, codes: list[str]) -> None:
    found = check_paper(
        kind, number, issued_on=issued_on, national_id="087215001234", birth=PartialDate(2015), today=TODAY
    )

    assert [warning.code for warning in found] == codes


def test_a_doubtful_paper_is_saved_and_the_doubt_shown_to_the_office(world: World, client_of: ClientOf) -> None:
    made = recorded(world, PaperDetails("5", "12345"))
    path = f"/people/{made.person.public_id}/"

    assert "Số thẻ căn cước phải có 12 chữ số." in client_of(world.here.clerk).get(path).content.decode()
    assert "phải có 12 chữ số" not in client_of(world.here.guardians[0]).get(path).content.decode()


def test_papers_are_read_by_the_office_the_person_and_its_guardians(world: World, client_of: ClientOf) -> None:
    made = recorded(world)
    path = f"/people/{made.person.public_id}/"

    for reader in (world.here.clerk, world.here.head, world.here.pupils[0], world.here.guardians[0]):
        assert "087215001234" in client_of(reader).get(path).content.decode()
    assert "087215001234" not in client_of(world.here.teacher).get(path).content.decode()
    for stranger in (world.elsewhere.head, world.here.pupils[1], world.here.guardians[1]):
        assert client_of(stranger).get(path).status_code == 404


def test_nobody_else_writes_papers_and_nothing_changes(world: World, client_of: ClientOf) -> None:
    made = recorded(world)
    before = list(IdentityPaper.objects.values())
    given = {"kind": "1", "number": "9"}

    for somebody, new, old in (
        (world.here.teacher, 403, 404),
        (world.here.guardians[0], 403, 404),
        (world.elsewhere.clerk, 404, 404),
    ):
        client = client_of(somebody)
        assert client.post(f"/people/{made.person.public_id}/papers/new/", given).status_code == new
        assert client.post(f"/papers/{made.public_id}/", given).status_code == old
        assert client.post(f"/papers/{made.public_id}/withdraw/", {"on": "23/11/2026"}).status_code == old
        with pytest.raises(Forbidden):
            actions.record_paper(actor=actor(somebody), person=made.person, details=PaperDetails("1", "9"), on=TODAY)
        with pytest.raises(Forbidden):
            actions.withdraw_paper(actor=actor(somebody), paper=made, on=TODAY)

    assert list(IdentityPaper.objects.values()) == before


def test_in_another_schools_scope_there_are_no_papers(world: World) -> None:
    made = recorded(world)

    with scope.of(actor(world.elsewhere.head)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registry_identitypaper")
            assert cursor.fetchone() == (0,)
        with pytest.raises(NotFound):
            queries.paper_of(actor(world.elsewhere.head), made.public_id)


def test_the_occupation_of_a_guardian_is_kept_with_the_file(world: World, client_of: ClientOf) -> None:
    adult = world.here.guardians[0].person
    path = f"/people/{adult.public_id}/"
    given = {"full_name": adult.full_name, "sex": "0", "nationality": "VN", "occupation": "Nông dân"}

    assert client_of(world.here.clerk).post(f"{path}correct/", given).status_code == 303

    assert Person.objects.get(id=adult.id).occupation == "Nông dân"
    assert "Nông dân" in client_of(world.here.clerk).get(path).content.decode()
    assert "Nông dân" not in client_of(world.here.teacher).get(path).content.decode()
