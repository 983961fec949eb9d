"""What an office's schools have sent is counted by their managers: the same answers however large the country is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.indicators import queries
from khue.indicators.models import ReportDeadline
from khue.indicators.queries import managers, report_lists
from khue.indicators.tests.test_reports import YEAR, ClientOf, rows_of
from khue.indicators.tests.test_sums_sent_on import came
from tests.world import TODAY, World, organisation

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_kept():
    yield
    managers._kept.clear()


def says(office, due: date) -> None:
    ReportDeadline.objects.create(organisation=office, school_year=YEAR, period="start", due_on=due)


def asked(of: queries.Round) -> int:
    with CaptureQueriesContext(connection) as captured:
        queries.received(of, TODAY)
        for which in ("late", "missing", "sent"):
            rows_of(queries.schools_reporting(of, TODAY, which))
    return len(captured)


def test_lists_agree_with_the_counts_whichever_way_they_are_found(world: World, monkeypatch) -> None:
    punctual = organisation("commune_office", "UBND xã Đúng hạn", world.department)
    says(world.department, YESTERDAY)
    says(punctual, TODAY)
    came(organisation("school", "TH Sớm", punctual), 1)
    came(organisation("school", "TH Muộn", punctual), 1, is_late=True)
    organisation("school", "TH Chưa", punctual)
    of = queries.Round(world.ministry, YEAR, "start", None)
    names = {world.here.organisation.name, world.elsewhere.organisation.name}

    for few in (20, 0):  # by their managers, by walking past all
        monkeypatch.setattr(report_lists, "FEW_MANAGERS", few)
        monkeypatch.setattr(report_lists, "FEW_SCHOOLS", few)
        found = {
            which: {row.name for row in rows_of(queries.schools_reporting(of, TODAY, which))}
            for which in ("sent", "missing", "late")
        }
        assert found == {
            "sent": {"TH Sớm", "TH Muộn"}, "missing": {*names, "TH Chưa"}, "late": {*names, "TH Muộn"},
        }  # fmt: skip
    got = queries.received(of, TODAY)
    assert (got.schools, got.sent, got.missing, got.late, got.counted_at) == (5, 2, 3, 3, None)


def test_a_count_costs_the_same_for_many_managers(world: World) -> None:
    says(world.department, YESTERDAY)
    came(world.here.organisation, 1)
    of = queries.Round(world.ministry, YEAR, "start", None)
    few = asked(of)
    for number in range(30):
        office = organisation("commune_office", f"UBND xã {number}", world.department)
        says(office, YESTERDAY)
        came(organisation("school", f"TH {number}", office), 1)

    assert asked(of) == few == 15  # four counts of three each, three lists


def test_the_count_of_a_large_office_is_kept_for_a_minute_and_says_so(
    world: World, client_of: ClientOf, monkeypatch
) -> None:
    monkeypatch.setattr(managers, "LARGE", 1)
    client = client_of(world.ministry_officer)
    address = f"/indicators/{world.ministry.public_id}/reports/"
    assert "Số trường đếm lúc" in client.get(address).content.decode()
    of = queries.Round(world.ministry, YEAR, "start", None)
    came(world.here.organisation, 1)

    assert queries.received(of, TODAY).sent == 0
    monkeypatch.setattr(managers, "FRESH_SECONDS", 0)
    assert queries.received(of, TODAY).sent == 1
    monkeypatch.setattr(managers, "LARGE", 100)
    assert "Số trường đếm lúc" not in client.get(address).content.decode()
