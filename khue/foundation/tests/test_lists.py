import io
from collections.abc import Mapping

import openpyxl
import pytest
from django.db import connection
from django.db.models import Q, QuerySet
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


def born_since(year: int) -> QuerySet[Person]:
    return Person.objects.filter(birth_year__gte=year)


BORN: Listing[Person] = Listing(
    order=("-birth_year", "sort_key", "id"),
    search=("folded_name", "phone"),
    filters=(
        Filter("year", "Năm sinh", "birth_year", parse=int),
        Filter(
            "half", "Nửa", lambda half: Q(birth_year=2010 + half), parse=int, choices=[("0", "Trước"), ("1", "Sau")]
        ),
        Filter("named", "Tên", lambda name: Q(full_name=name)),
        Filter("nobody", "Không ai", "birth_year__isnull", parse=lambda text: {"yes": True, "no": False}[text]),
    ),
    size=2,
)


@pytest.mark.parametrize(
    "query",
    [
        {}, {"q": "van NGUYEN"}, {"q": "100% _ \\"}, {"q": "n g u y e"}, {"year": "2011"}, {"year": "abc"},
        {"year": "9" * 30}, {"half": "1"}, {"half": "1", "year": "2011", "q": "an"}, {"half": "2"}, {"half": "x"},
        {"named": "Y"}, {"named": "\x00"}, {"nobody": "yes"}, {"nobody": "no"}, {"after": "nonsense"},
        {"before": "e30"},
    ],
)  # fmt: skip
def test_a_list_whose_query_is_kept_shows_what_the_list_shows(pupils, query: dict[str, str]) -> None:
    for _time in range(2):
        for size in (1, 3):
            where = dict(query)
            for _page in range(5):
                plain = BORN.page(born_since(2010), where, size=size)
                kept = BORN.page(born_since, where, of=(2010,), size=size)
                assert kept == plain
                assert BORN.page(born_since, given(kept.previous), of=(2010,), size=size) == BORN.page(
                    born_since(2010), given(kept.previous), size=size
                )
                where = given(kept.next) if kept.next else {"after": "", **query}
    assert BORN.page(born_since, query, of=(2011,)) == BORN.page(born_since(2011), query)


def test_a_kept_query_is_written_once_for_each_way_and_not_for_each_thing_typed(pupils) -> None:
    listing: Listing[Person] = Listing(order=BORN.order, search=BORN.search, filters=BORN.filters, size=2)
    for typed in ("an", "binh", "yen"):
        for year in ("2010", "2011", "2012"):
            listing.page(born_since, {"q": typed, "year": year}, of=(2010,))
            listing.page(born_since, {"named": typed}, of=(2010,))
            listing.page(born_since, {"q": f"{typed} " * 5}, of=(2010,))

    assert len(listing._kept) == 1
    with pytest.raises(TypeError, match="made anew"):
        listing.page(lambda year: born_since(year), {}, of=(2010,))


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
    # On paper: A4, one page wide however many pages long, the heading on each of them.
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight, sheet.print_title_rows) == (9, 0, "$1:$1")
