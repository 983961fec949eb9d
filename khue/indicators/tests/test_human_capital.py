"""The page of the Human Capital Index: of the country and its provinces, over the years, against targets."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.attendance.tests.test_every_page import is_housekeeping
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.indicators import actions, queries
from khue.indicators.actions.reported import NotMeasuredHere
from khue.indicators.models import HumanMeasure
from khue.registry.models import Organisation
from tests.world import NOON, World, actor, organisation

ClientOf = Callable[[Account], Client]


def kept(who: Account, place: Organisation, code: str, year: int, value: str, *, is_target: bool = False) -> None:
    actions.record_measure(
        actor=actor(who), organisation=place, component=code, year=year, value=Decimal(value), source="BC 7",
        is_target=is_target, at=NOON,
    )  # fmt: skip


def test_values_and_targets_of_a_year_stand_beside_each_other(world: World) -> None:
    officer, place = world.department_officer, world.department
    kept(officer, place, "GER", 2024, "81.5")
    kept(officer, place, "GER", 2025, "83")
    kept(officer, place, "GER", 2025, "82", is_target=True)
    kept(officer, place, "GER", 2030, "95", is_target=True)
    kept(officer, place, "GER", 2025, "84")

    found = {course.component.code: course for course in queries.courses_at(place)}

    assert [float(each.value) for each in found["GER"].values] == [81.5, 84]
    assert found["GER"].target is not None
    assert (found["GER"].target.year, found["GER"].away) == (2025, 0)
    assert (found["AL"].latest, found["AL"].target, found["AL"].away) == (None, None, None)
    assert list(found) == ["AL", "GER", "EYS", "MYS", "EGL"]


def test_the_index_itself_is_of_countries_and_a_school_measures_nothing(world: World) -> None:
    kept(world.ministry_officer, world.ministry, "HCI", 2024, "0.7267")
    for place in (world.department, world.here.organisation):
        with pytest.raises(NotMeasuredHere):
            kept(world.ministry_officer, place, "HCI", 2024, "0.7")

    assert HumanMeasure.objects.get().organisation == world.ministry


def test_an_office_types_for_its_own_province_alone(world: World) -> None:
    other = organisation("department", "Sở GD&ĐT Cà Mau", world.ministry)
    for who, place in (
        (world.department_officer, other), (world.department_officer, world.ministry),
        (world.here.head, world.department),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            kept(who, place, "GER", 2024, "80")
    assert not HumanMeasure.objects.exists()


def test_the_page_says_what_is_known_and_what_is_not(world: World, client_of: ClientOf) -> None:
    officer, minister = client_of(world.department_officer), client_of(world.ministry_officer)
    address = f"/indicators/{world.department.public_id}/human-capital/"
    typed = {"component": "GER", "year": "2024", "value": "81,5", "is_target": "", "source": "BC 7"}
    assert officer.post(address, {**typed, "value": "900"}).status_code == 422
    assert not HumanMeasure.objects.exists()

    assert officer.post(address, typed).status_code == 303
    assert officer.post(address, {**typed, "year": "2025", "value": "83"}).status_code == 303
    assert officer.post(address, {**typed, "year": "2030", "value": "95", "is_target": "1"}).status_code == 303

    page = officer.get(address).content.decode()
    assert "mục tiêu 2030: 95,00" in page
    assert "đường đứt đoạn là mục tiêu 2030" in page
    assert "Chưa ai nhập số liệu, không coi là 0: AL · Tỉ lệ người lớn biết chữ" in page
    assert page.count("AL · Tỉ lệ người lớn biết chữ") == 2  # what is not known, and what can be typed
    assert "GER" not in page.partition("không coi là 0:")[2].partition("</li>")[0]
    country = minister.get(f"/indicators/{world.ministry.public_id}/human-capital/").content.decode()
    assert "83,00 (2025)" in country
    assert "Sở chưa nhập số nào" not in country
    assert "Chưa có số liệu nào" in country
    assert f'href="{address}"' in country
    assert "Nhập số liệu" not in client_of(world.here.head).get("/").content.decode()
    for who in (world.here.head, world.elsewhere.head, world.here.teacher, world.here.pupils[0]):
        assert client_of(who).get(address).status_code == 404
        assert client_of(who).post(address, typed).status_code == 404
    head, own = client_of(world.here.head), f"/indicators/{world.here.organisation.public_id}/human-capital/"
    assert head.get(own).status_code == 404


def test_the_page_of_the_country_costs_the_same_for_many_provinces(world: World, client_of: ClientOf) -> None:
    minister, address = client_of(world.ministry_officer), f"/indicators/{world.ministry.public_id}/human-capital/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert minister.get(address).status_code == 200
        return sum(not is_housekeeping(query["sql"]) for query in found.captured_queries)

    asked()
    before = asked()
    for number in range(30):
        place = organisation("department", f"Sở số {number}", world.ministry)
        kept(world.ministry_officer, place, "GER", 2024, "80")

    assert asked() == before <= 8
