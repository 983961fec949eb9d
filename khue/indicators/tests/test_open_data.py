"""Open data: for everybody, with small figures hidden; figures that offices type."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import clock, scope
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.indicators import actions, queries
from khue.indicators.actions.open_data import NothingToPublish
from khue.indicators.actions.reported import NotAShare, NotReported, SourceMissing, ValueOutOfRange
from khue.indicators.counts import Count
from khue.indicators.dictionary import COLUMNS
from khue.indicators.human_capital import COMPONENTS, WEIGHTED, human_capital
from khue.indicators.models import CubeRun, HumanMeasure, MonthlyCount, OpenDataSet, ReportedCount
from khue.procedures import actions as procedures
from khue.procedures.models import Case
from khue.procedures.tests.drawn import published as published_procedure
from khue.procedures.tests.test_cases import filed, step
from khue.registry.models import Organisation
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]
MONTH = "2026-11"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def keep(figures: dict[Organisation, tuple[int, int]], code: str = "A2") -> CubeRun:
    run = CubeRun.objects.create(
        month=MONTH, first_month="2026-07", engine="duckdb", milliseconds=1, counted_at=NOON,
        files=[{"table": "people", "month": MONTH, "province": "82", "rows": 7, "sha256": "ab" * 32}],
    )  # fmt: skip
    MonthlyCount.objects.bulk_create(
        MonthlyCount(organisation=place, code=code, month=MONTH, numerator=n, denominator=d, definition=1, run=run)
        for place, (n, d) in figures.items()
    )
    return run


def with_a_small_school(world: World) -> None:
    """Three of the forty pupils of a school learn online: that figure follows from the commune's and the province's."""
    keep(
        {
            world.here.organisation: (3, 40),
            world.commune_office: (3, 40),
            world.elsewhere.organisation: (60, 90),
            world.department: (63, 130),
            world.ministry: (63, 130),
        }
    )


def published(world: World) -> list[dict[str, str]]:
    made = actions.publish_open_data(
        actor=actor(world.department_officer), organisation=world.department, month=MONTH, at=NOON
    )
    return list(csv.DictReader(io.StringIO(made.content)))


def test_small_figures_are_hidden_with_what_they_follow_from(world: World) -> None:
    with_a_small_school(world)

    lines = {line["name"]: (line["numerator"], line["is_hidden"]) for line in published(world)}

    assert lines == {
        "Sở GD&ĐT Đồng Tháp": ("63", "0"),
        "UBND xã Mỹ An": ("", "1"),
        "THCS Mỹ An": ("", "1"),
        "THCS&THPT Đốc Binh Kiều": ("", "1"),
    }


def test_everybody_reads_what_was_published_with_its_dictionary(world: World, client_of: ClientOf) -> None:
    with_a_small_school(world)
    officer, public = client_of(world.department_officer), Client()
    answer = officer.post(f"/indicators/{world.department.public_id}/open-data/", {"month": MONTH})
    assert answer.status_code == 303

    with scope.of(actor(world.elsewhere.pupils[0])):
        found = OpenDataSet.objects.get()
    page = public.get("/open-data/").content.decode()
    assert f"/open-data/{found.public_id}.csv" in page
    assert "Công bố cho" not in page
    data = public.get(f"/open-data/{found.public_id}.csv")
    assert data.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert data.content.decode().splitlines()[0] == ",".join(name for name, _kind, _text in COLUMNS)
    assert 'href="/open-data/dictionary/"' in page
    dictionary = public.get("/open-data/dictionary/").content.decode()
    assert 'href="/open-data/dictionary.json"' in dictionary
    assert "Mã đơn vị; trống nếu chưa có" in dictionary
    assert "số nguyên" in dictionary
    assert "50%" in dictionary  # where A1 is to be in 2025; what 2030 wants is not known
    public.cookies["khue_language"] = "en"
    assert "Code of the body; empty where it has none yet" in public.get("/open-data/dictionary/").content.decode()
    words = json.loads(public.get("/open-data/dictionary.json").content)
    assert [column["name"] for column in words["columns"]] == [name for name, _kind, _text in COLUMNS]
    assert [held["code"] for held in words["indicators"]][:2] == ["A1", "A2"]
    assert words["indicators"][0]["targets"] == {"2025": 50, "2030": None}


def test_only_an_office_publishes_and_only_what_there_is(world: World, client_of: ClientOf) -> None:
    with pytest.raises(NothingToPublish):
        published(world)
    with_a_small_school(world)
    for other, place in ((world.here.head, world.here.organisation), (world.department_officer, world.ministry)):
        with pytest.raises(Forbidden):
            actions.publish_open_data(actor=actor(other), organisation=place, month=MONTH, at=NOON)
    assert client_of(world.here.head).post(
        f"/indicators/{world.department.public_id}/open-data/", {"month": MONTH}
    ).status_code == 404  # fmt: skip

    assert not OpenDataSet.objects.exists()


def report(world: World, **more: object) -> ReportedCount:
    said = {
        "code": "A4", "count": Count(120, 240), "about_on": date(2026, 10, 1), "source": "BC 12/BC-BGDĐT", **more,
    }  # fmt: skip
    who = actor(world.ministry_officer)
    return actions.report_count(actor=who, organisation=world.ministry, at=NOON, **said)  # type: ignore[arg-type]


def test_an_office_types_what_no_rows_make(world: World) -> None:
    report(world)
    report(world, count=Count(130, 240))

    assert (ReportedCount.objects.get().numerator, queries.reported_at(world.ministry)["A4"].denominator) == (130, 240)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"code": "A5"}, NotReported),
        ({"code": "A3"}, NotReported),
        ({"count": Count(3, 2)}, NotAShare),
        ({"count": Count(0, 0)}, NotAShare),
        ({"count": Count(-1, 5)}, NotAShare),
        ({"source": " "}, SourceMissing),
    ],
)
def test_what_cannot_be_is_refused(world: World, more: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        report(world, **more)

    assert not ReportedCount.objects.exists()


def test_the_page_of_a_typed_figure(world: World, client_of: ClientOf) -> None:
    officer = client_of(world.ministry_officer)
    address = f"/indicators/{world.ministry.public_id}/reported/A4/"
    typed = {"numerator": "120", "denominator": "240", "about_on": "01/10/2026", "source": "BC 12"}
    assert officer.post(address, {**typed, "denominator": "0"}).status_code == 200
    assert officer.post(address, typed).status_code == 303

    assert "120 trên 240" in officer.get(f"/indicators/{world.ministry.public_id}/").content.decode()
    assert officer.get(f"/indicators/{world.ministry.public_id}/reported/A5/").status_code == 404
    assert client_of(world.department_officer).get(address).status_code == 404


def test_dossiers_of_the_node_fill_in_the_figure_of_online_procedures(world: World, client_of: ClientOf) -> None:
    officer = client_of(world.department_officer)
    address = f"/indicators/{world.department.public_id}/reported/B5/"
    assert "Hệ thống đếm được" not in officer.get(address).content.decode()  # nothing was decided: not zero
    dossiers(world, ("online", True), ("online", True), ("desk", True), ("online", False))
    before = ReportedCount.objects.count()

    page = officer.get(address).content.decode()
    assert "Hệ thống đếm được 2 trên 3 hồ sơ" in page
    for name, value in (
        ("numerator", "2"),
        ("denominator", "3"),
        ("source", "Hồ sơ giải quyết trên Khuê từ 01/01/2026"),
    ):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name
    assert ReportedCount.objects.count() == before  # an office answers for it before it counts
    officer.post(address, {"numerator": "2", "denominator": "3", "about_on": "23/11/2026", "source": "Khuê"})
    assert "2 trên 3" in officer.get(f"/indicators/{world.department.public_id}/").content.decode()
    other = client_of(world.ministry_officer).get(f"/indicators/{world.department.public_id}/reported/B5/")
    assert "Hệ thống đếm được" not in other.content.decode()


def dossiers(world: World, *wanted: tuple[str, bool]) -> None:
    """Filed at the first school, by channel; those that are decided are refused with a reason."""
    definition = published_procedure(world.here.organisation)
    for channel, is_decided in wanted:
        case = filed(world, definition)
        if is_decided:
            given = {"decision": "refuse", "reason": "Quá tuổi"}
            procedures.do_step(actor=actor(world.here.clerk), step=step(case, "review"), given=given, at=NOON)
        Case.objects.filter(id=case.id).update(channel=channel)


def test_components_of_human_capital_have_a_source_and_a_range(world: World) -> None:
    officer = actor(world.ministry_officer)

    def record(value: str, source: str = "UN 2024") -> HumanMeasure:
        return actions.record_measure(
            actor=officer, organisation=world.ministry, component="AL", year=2024, value=Decimal(value),
            source=source, at=NOON,
        )  # fmt: skip

    for value, source, refusal in (("101", "x", ValueOutOfRange), ("96", "", SourceMissing)):
        with pytest.raises(refusal):
            record(value, source)
    assert not HumanMeasure.objects.exists()
    made = record("96.13")
    assert {course.component.code: course.latest for course in queries.courses_at(world.ministry)}["AL"] == made
    with pytest.raises(Forbidden):
        actions.record_measure(
            actor=actor(world.department_officer), organisation=world.ministry, component="AL", year=2024,
            value=Decimal(1), source="x", at=NOON,
        )  # fmt: skip


def country(al: float, ger: float = 80, eys: float = 12, mys: float = 8) -> dict[str, float]:
    return {"AL": al, "GER": ger, "EYS": eys, "MYS": mys}


def test_human_capital_needs_the_other_countries() -> None:
    assert sum(held.weight or 0 for held in WEIGHTED) == pytest.approx(1)
    assert COMPONENTS["EGL"].weight is None
    assert human_capital([country(96)]) is None
    assert human_capital([country(96), country(96)]) is None
    assert human_capital([country(90), country(96), country(99)]) == pytest.approx([0, 2 / 3, 1])


@given(st.lists(st.builds(country, *[st.floats(1, 100)] * 4), min_size=2, max_size=8))
def test_human_capital_lies_between_zero_and_one(countries: list[dict[str, float]]) -> None:
    found = human_capital(countries)

    if found is not None:
        assert min(found) == pytest.approx(0)
        assert max(found) == pytest.approx(1)


def test_months_and_origin_of_a_figure(
    world: World, client_of: ClientOf, django_assert_max_num_queries: Callable
) -> None:
    with_a_small_school(world)
    officer = client_of(world.ministry_officer)
    address = f"/indicators/{world.ministry.public_id}/A2/"
    with django_assert_max_num_queries(13):
        page = officer.get(address).content.decode()
    assert "48,5" in page
    assert "Bản đồ ô" in page

    with django_assert_max_num_queries(10):
        origin = officer.get(f"{address}lineage/").content.decode()
    assert "abababababab" in origin
    assert "11/2026" in origin
    assert client_of(world.here.head).get(f"{address}lineage/").status_code == 404
