"""The bodies below an office, page by page, and how figures that nobody has counted are said."""

import io
import re

import openpyxl
import pytest

from khue.foundation import clock
from khue.indicators import queries
from khue.indicators.catalogue import BY_CODE
from khue.indicators.models import CubeRun, IndicatorCount, MonthlyCount
from khue.indicators.tests.test_indicators import YEAR, ClientOf, count
from tests.world import NOON, World, organisation

B2 = BY_CODE["B2"]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_a_month_without_figures_breaks_the_line_and_is_no_zero(world: World, client_of: ClientOf) -> None:
    run = CubeRun.objects.create(
        month="2026-11", first_month="2026-05", engine="duckdb", milliseconds=9, counted_at=NOON, files=[]
    )
    for month, numerator in (("2025-12", 10), ("2026-02", 30)):
        MonthlyCount.objects.create(
            organisation=world.department, code="A2", month=month, numerator=numerator, denominator=100, definition=1,
            run=run,
        )  # fmt: skip

    months = queries.months_of(world.department, BY_CODE["A2"])

    assert [(month.label, month.percent) for month in months] == [("12/2025", 10), ("01/2026", None), ("02/2026", 30)]
    page = client_of(world.department_officer).get(f"/indicators/{world.department.public_id}/A2/").content.decode()
    assert re.search(r'class="line" d="M[\d. ]+M[\d. ]+"', page)
    assert '<th scope="row">01/2026</th><td class="numeric">chưa có số liệu</td>' in page


def test_nothing_counted_is_said_in_words_on_every_page(world: World, client_of: ClientOf) -> None:
    officer, place = client_of(world.department_officer), f"/indicators/{world.department.public_id}/"

    pages = [officer.get(f"{place}{end}").content.decode() for end in ("", "A2/")]

    assert all("chưa có số liệu" in page for page in pages)
    assert not any(re.search(r"0 trên 0|0,0|>0<", page) for page in pages)


def test_the_bodies_below_are_paged_searched_and_put_in_order(world: World, client_of: ClientOf) -> None:
    count(world.here, world.elsewhere)
    department = world.department
    for number in range(119):
        place = organisation("commune_office", f"Xã Tân Số {number:03}", department)
        if number < 60:
            IndicatorCount.objects.create(
                organisation=place, school_year=YEAR, code="B2", numerator=60 - number, denominator=100, unknown=0,
                counted_at=NOON,
            )  # fmt: skip
    whole = queries.parts_of(department, B2, YEAR)

    pages = [queries.parts_page(department, B2, YEAR, start=start) for start in (0, 50, 100)]
    lowest = queries.parts_page(department, B2, YEAR, order="share").parts

    assert [part for page in pages for part in page.parts] == whole
    assert [(page.start, page.next, page.total) for page in pages] == [(0, 50, 121), (50, 100, 121), (100, 0, 121)]
    assert [part.value.percent for part in lowest if part.name.startswith("Xã Tân")][:3] == [1, 2, 3]
    assert queries.parts_page(department, B2, YEAR, order="share", start=100).parts[-1].value.percent is None
    assert queries.parts_page(department, B2, YEAR, text="tan so 11").total == 10
    client, address = client_of(world.department_officer), f"/indicators/{department.public_id}/B2/"
    assert 'href="?start=50"' in client.get(address).content.decode()
    assert 'href="?q=tan&amp;order=share"' in client.get(f"{address}?q=tan&start=50").content.decode()
    for strange in ("?start=-1", "?start=x", "?start=99999", "?start=²", "?order=x", "?q=%00"):
        assert client.get(address + strange).status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{address}?export=xlsx").streaming_content)))
    assert len(list(book.active.iter_rows(min_row=2))) == 121
