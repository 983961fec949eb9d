"""Telephone numbers: one spelling, and finding whom one belongs to."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from khue.identity.models import Account
from khue.registry.models import Person
from khue.registry.phones import national_phone
from tests.world import World, person

ClientOf = Callable[[Account], Client]
PATH = "/people/new/"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 678", "0912345678"),
        ("(+84) 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0168 234 5678", "0382345678"),
        ("024 3869 1234", "02438691234"),
        ("'0912345678", "0912345678"),
        ("0912 345 67", None),
        ("0112345678", None),
        ("+1 202 555 0101", None),
        ("", None),
    ],
)
def test_a_number_has_one_spelling(typed: str, number: str | None) -> None:
    assert national_phone(typed) == number


@given(st.text(max_size=30))
def test_whatever_is_typed_becomes_a_number_or_nothing_and_stays_it(typed: str) -> None:
    number = national_phone(typed)

    assert number is None or (number.isascii() and number.isdigit() and number[0] == "0")
    assert number is None or national_phone(number) == number


@pytest.mark.parametrize("typed", ["0912345678", "+84 912 345 678", "0912.345.678"])
def test_who_keeps_the_files_finds_a_parent_by_telephone(world: World, client_of: ClientOf, typed: str) -> None:
    mother = person("Trần Thị Mẹ", world.here.organisation, "guardian", phone="0912345678")
    person("Lê Văn Khác", world.elsewhere.organisation, "guardian", phone="0912345678")
    child = world.here.pupils[0].person
    clerk = client_of(world.here.clerk)

    found = clerk.get("/people/", {"q": typed}).content.decode()

    assert found.count('scope="row"') == 1
    assert str(mother.public_id) in found
    chosen = clerk.get(f"/people/{child.public_id}/guardians/", {"q": typed}).content.decode()
    assert f"/people/{child.public_id}/guardians/{mother.public_id}/" in chosen


def test_a_teacher_learns_from_no_search_whose_number_it_is(world: World, client_of: ClientOf) -> None:
    person("Trần Thị Mẹ", world.here.organisation, "guardian", phone="0912345678")

    found = client_of(world.here.teacher).get("/people/", {"q": "0912345678"})

    assert found.status_code == 200
    assert "Không tìm thấy ai" in found.content.decode()


def test_a_search_by_telephone_costs_the_same_for_many(world: World, client_of: ClientOf) -> None:
    clerk = client_of(world.here.clerk)
    counts = []
    for many in (3, 30):
        for number in range(many):
            person(f"Người {number}", world.here.organisation, "guardian", phone="0912345678")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            clerk.get("/people/", {"q": "0912345678"})
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_number_searched_for_stands_in_its_field_of_the_new_file(world: World, client_of: ClientOf) -> None:
    child, clerk = world.here.pupils[0].person, client_of(world.here.clerk)

    page = clerk.get(f"/people/{child.public_id}/guardians/", {"q": "0912 345 678"}).content.decode()

    assert f"kind=guardian&amp;child={child.public_id}&amp;phone=0912+345+678" in page
    form = clerk.get(PATH, {"kind": "guardian", "phone": "0912 345 678"}).content.decode()
    assert 'value="0912 345 678"' in form


@pytest.mark.parametrize("typed", ["0912 345 67", "không có", "+84 123"])
def test_a_number_that_cannot_be_called_is_refused(world: World, client_of: ClientOf, typed: str) -> None:
    given = {
        "place": str(world.here.organisation.public_id), "kind": "guardian", "on": "23/11/2026",
        "full_name": "Trần Thị Mẹ", "sex": "2", "nationality": "VN",
    }  # fmt: skip
    count, clerk = Person.objects.count(), client_of(world.here.clerk)

    refused = clerk.post(PATH, {**given, "phone": typed})

    assert refused.status_code == 422
    assert "Số điện thoại này không gọi được." in refused.content.decode()
    assert Person.objects.count() == count
    assert clerk.post(PATH, {**given, "phone": "+84 912 345 678"}).status_code == 303
    assert Person.objects.get(full_name="Trần Thị Mẹ").phone == "0912345678"


@pytest.mark.parametrize("abroad", ["+1 202 555 0101", "+81 90 1234 5678"])
def test_a_number_of_another_country_is_taken_with_its_sign(world: World, client_of: ClientOf, abroad: str) -> None:
    made = world.here.guardians[0].person
    path = f"/people/{made.public_id}/correct/"

    assert (
        client_of(world.here.clerk)
        .post(path, {"full_name": made.full_name, "sex": "0", "nationality": "VN", "phone": abroad})
        .status_code
        == 303
    )

    made.refresh_from_db()
    assert made.phone == abroad.replace(" ", "")


def test_what_a_file_already_says_stands_in_the_way_of_no_other_correction(world: World, client_of: ClientOf) -> None:
    made = person("Trần Thi Mẹ", world.here.organisation, "guardian", phone="0912")
    path = f"/people/{made.public_id}/correct/"
    given = {"full_name": "Trần Thị Mẹ", "sex": "0", "nationality": "VN", "phone": "0912"}

    assert client_of(world.here.clerk).post(path, given).status_code == 303

    made.refresh_from_db()
    assert (made.full_name, made.phone) == ("Trần Thị Mẹ", "0912")
