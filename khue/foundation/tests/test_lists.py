import io
from collections.abc import Mapping

import openpyxl
import pytest
from django.db import connection
from django.http import FileResponse
from django.test.utils import CaptureQueriesContext

from khue.foundation.lists import Column, Filter, Listing
from khue.registry.models import Person
from tests.world import World, person

pytestmark = pytest.mark.django_db

PEOPLE: Listing[Person] = Listing(
    order=("sort_key", "id"),
    search=("folded_name",),
    filters=(Filter("year", "Năm sinh", "birth_year", parse=int),),
    columns=(Column("Họ tên", lambda p: p.full_name, width=30), Column("Năm sinh", lambda p: p.birth_year)),
    size=3,
)
NAMES = [
    "Nguyễn Thị Ánh", "Trần Văn An", "Lê An", "Đỗ Đức Bình", "Nguyễn Văn Đạt", "Nguyễn Văn Dũng", "Y", "Hoàng Yến",
]  # fmt: skip
IN_ORDER = [
    "Lê An", "Trần Văn An", "Nguyễn Thị Ánh", "Đỗ Đức Bình", "Nguyễn Văn Dũng", "Nguyễn Văn Đạt", "Y", "Hoàng Yến",
]  # fmt: skip


@pytest.fixture
def pupils(world: World):
    made = [person(name, world.here.organisation, "pupil", birth_year=2010 + i % 2) for i, name in enumerate(NAMES)]
    return Person.objects.filter(id__in=[p.id for p in made])


def given(query: str) -> Mapping[str, str]:
    from django.http import QueryDict

    return QueryDict(query.removeprefix("?")).dict()


def names(page) -> list[str]:
    return [p.full_name for p in page.rows]


def test_a_list_is_walked_forward_and_back_in_name_order(pupils) -> None:
    first = PEOPLE.page(pupils, {})
    second = PEOPLE.page(pupils, given(first.next))
    third = PEOPLE.page(pupils, given(second.next))

    assert names(first) + names(second) + names(third) == IN_ORDER
    assert (first.previous, third.next) == ("", "")
    back = PEOPLE.page(pupils, given(third.previous))
    assert names(back) == names(second)
    assert names(PEOPLE.page(pupils, given(back.previous))) == names(first)
    assert PEOPLE.page(pupils, given(back.previous)).previous == ""
    assert names(PEOPLE.page(pupils, given(back.next))) == names(third)


def test_a_descending_part_of_the_order_is_walked_too(pupils) -> None:
    listing: Listing[Person] = Listing(order=("-birth_year", "sort_key", "id"), size=3)

    seen, query = [], "?"
    while query:
        page = listing.page(pupils, given(query))
        seen += names(page)
        query = page.next

    assert seen == [p.full_name for p in pupils.order_by("-birth_year", "sort_key", "id")]


def test_search_needs_no_diacritics_and_any_order_of_words(pupils) -> None:
    assert names(PEOPLE.page(pupils, {"q": "  van NGUYEN "})) == ["Nguyễn Văn Dũng", "Nguyễn Văn Đạt"]
    assert names(PEOPLE.page(pupils, {"q": "ĐẠT"})) == ["Nguyễn Văn Đạt"]
    assert names(PEOPLE.page(pupils, {"q": "100%"})) == []


def test_filters_and_search_stay_in_the_addresses(pupils) -> None:
    page = PEOPLE.page(pupils, {"q": "n", "year": "2010", "unknown": "1"}, size=2)

    assert page.chosen == {"year": "2010"}
    assert page.export == "?q=n&year=2010&export=xlsx"
    assert page.next.startswith("?q=n&year=2010&after=")
    assert page.is_narrowed


@pytest.mark.parametrize(
    "query",
    [
        {"after": "nonsense"}, {"after": "WzFd"}, {"before": "e30"}, {"year": "abc"}, {"year": "\x00"}, {"q": "\x00"},
        {"after": "W251bGwsbnVsbF0"}, {"after": "W3siYiI6IkFBPT0ifSx7ImIiOiJBQSJ9XQ"}, {"year": "9" * 30},
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_harms_nothing(pupils, query: dict[str, str]) -> None:
    page = PEOPLE.page(pupils, query)

    assert len(page.rows) == (0 if query.get("year", "").startswith("9") else 3)


def test_a_page_is_one_query_wherever_it_is(pupils) -> None:
    second = given(PEOPLE.page(pupils, {}).next)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        PEOPLE.page(pupils, second)

    assert len(captured) == 1


def test_a_query_that_knows_the_beginning_answers_for_it_and_for_nothing_else(pupils) -> None:
    known = list(PEOPLE.narrowed(pupils, {})[:2])

    def first() -> list[Person]:
        return known

    beginning = PEOPLE.page(pupils, {}, size=1, first=first)
    following = PEOPLE.page(pupils, given(beginning.next), size=1, first=first)

    assert (beginning.rows, beginning.previous) == (known[:1], "")
    assert following.rows == known[1:]
    assert PEOPLE.page(pupils, given(following.previous), size=1, first=first).rows == known[:1]
    assert PEOPLE.page(pupils, {"after": "nonsense"}, size=1, first=first).rows == known[:1]
    assert PEOPLE.page(pupils, {"year": "9999"}, first=first).rows == []
    assert PEOPLE.page(pupils, {"q": "nobody"}, first=first).rows == []


def test_the_sheet_has_everything_that_is_seen_and_runs_nothing(pupils, world: World) -> None:
    person("=1+1 Dũng", world.here.organisation, "pupil", birth_year=2012)

    response = PEOPLE.export(Person.objects.filter(birth_year__gte=2010), {"q": "dung"}, "Học sinh")

    assert isinstance(response, FileResponse)
    assert "filename*=utf-8''H%E1%BB%8Dc%20sinh.xlsx" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [[c.value for c in row] for row in sheet.rows] == [
        ["Họ tên", "Năm sinh"], ["=1+1 Dũng", 2012], ["Nguyễn Văn Dũng", 2011],
    ]  # fmt: skip
    assert {c.data_type for c in sheet["A"]} == {"s"}
