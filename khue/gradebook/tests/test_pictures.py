"""How marks and levels spread: counts only, and nothing of groups so small that a count is a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.spread import LEAST_GROUP, of_groups, of_scores
from khue.gradebook.tests.test_years import GOOD_YEAR, JUNE, class_with_subjects, conduct, results
from tests.world import NOON, actor, enrol

pytestmark = pytest.mark.django_db


@given(st.dictionaries(st.integers(0, 100), st.integers(1, 50)))
def test_every_score_is_in_one_band_or_the_group_is_hidden(counted):
    spread = of_scores("6A", counted)

    assert spread.pupils == sum(counted.values())
    if spread.pupils >= LEAST_GROUP:
        assert sum(number for _, number in spread.bands) == spread.pupils
    else:
        assert spread.bands == []


@pytest.mark.parametrize(("tenths", "band"), [(0, 0), (34, 0), (35, 1), (49, 1), (50, 2), (64, 2), (65, 3), (79, 3),
                                              (80, 4), (89, 4), (90, 5), (100, 5)])  # fmt: skip
def test_bands_begin_at_the_thresholds_of_the_circular(tenths, band):
    numbers = [number for _, number in of_scores("6A", {tenths: 5}).bands]

    assert numbers == [5 if place == band else 0 for place in range(6)]


def test_four_pupils_are_hidden_and_five_are_not():
    assert of_groups("6A", [("Tốt", 3), ("Khá", 1)]).is_hidden
    assert not of_groups("6A", [("Tốt", 3), ("Khá", 2)]).is_hidden
    assert not of_groups("6A", [("Tốt", 0)]).is_hidden


def marked(at, tenths):
    book = actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term)
    while len(at.enrolments) < len(tenths):
        enrol(at, f"Trần Thị {len(at.enrolments)}")
    end = queries.columns_of(book)[-1]
    cells = [TypedCell(end.id, pupil.id, str(mark)) for pupil, mark in zip(at.enrolments, tenths, strict=False)]
    actions.record_marks(actor=actor(at.teacher), book=book, cells=cells, at=NOON)
    return book, end


@pytest.mark.parametrize("who", ["teacher", "head"])
def test_a_column_and_the_results_are_drawn_with_their_table(world, client_of, who):
    at = world.here
    book, end = marked(at, [9, 9, 8, 5, 3])
    client = client_of(getattr(at, who))

    for tail in ("", f"?column={end.public_id}"):
        page = client.get(f"/marks/books/{book.public_id}/spread/{tail}").content.decode()
        assert "5 em có điểm" in page
        assert "<svg" in page
        assert "Xem bảng số liệu" in page
        assert not any(pupil.person.full_name in page for pupil in at.enrolments)


def test_four_marks_are_not_drawn(world, client_of):
    at = world.here
    book, _end = marked(at, [9, 9, 8, 5])

    page = client_of(at.teacher).get(f"/marks/books/{book.public_id}/spread/").content.decode()

    assert "Ít hơn 5 em" in page
    assert "Số em theo mức điểm" not in page


@pytest.fixture
def year(world):
    at = world.here
    class_with_subjects(at)
    for number in range(3):
        enrol(at, f"Trần Thị {number}")
    for pupil in at.enrolments:
        results(at, pupil, GOOD_YEAR)
        conduct(at, pupil)
    actions.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    return at


def test_levels_by_class_and_grade(year, client_of, django_assert_num_queries):
    client = client_of(year.head)
    page = client.get("/marks/levels/?period=0").content.decode()

    assert "Học tập khối 6" in page
    assert "Rèn luyện lớp 6A" in page
    assert not any(pupil.person.full_name in page for pupil in year.enrolments)
    for period in (1, 2):
        assert "Học tập lớp 6A" in client.get(f"/marks/levels/?period={period}").content.decode()
    with django_assert_num_queries(11):
        client.get("/marks/levels/")


def test_who_oversees_no_class_finds_no_levels(year, world, client_of):
    for other in (year.pupils[0], year.guardians[0], year.clerk):
        assert client_of(other).get("/marks/levels/").status_code == 404
    assert "lớp 6A" not in client_of(world.elsewhere.head).get("/marks/levels/").content.decode()
