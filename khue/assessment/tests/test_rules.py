"""Scoring, marks, points as typed, the order of questions, safe HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.assessment import scoring
from khue.assessment.points import points_of, written_points
from khue.assessment.safe_html import media_in, sanitised, words
from khue.assessment.scoring import Asked
from khue.assessment.shuffling import choice_positions, places


@pytest.mark.parametrize(
    ("answer", "points"), [("TFTF", 100), ("TFTT", 50), ("TFFT", 25), ("TTFT", 10), ("FTFT", 0), ("", 0), ("T T ", 25)]
)
def test_a_cluster_of_four_statements(answer: str, points: int):
    assert scoring.cluster_score(Asked("cluster", "TFTF", 100), answer) == points


@pytest.mark.parametrize(
    ("points", "top", "tenths"),
    [(0, 1000, 0), (1000, 1000, 100), (725, 1000, 73), (724, 1000, 72), (1, 3, 33), (2, 3, 67), (25, 40, 63)],
)
def test_a_mark_is_rounded_half_up_in_whole_tenths(points: int, top: int, tenths: int):
    assert scoring.mark(points, top) == tenths


PAPERS = st.dictionaries(
    st.integers(1, 50),
    st.builds(Asked, st.just("choice"), st.sampled_from(["1", "2", "3", "4"]), st.integers(1, 500)),
    min_size=1,
    max_size=12,
)


@given(asked=PAPERS, answers=st.dictionaries(st.integers(1, 60), st.sampled_from(["", "1", "2", "3", "4", "x"])))
def test_a_score_is_the_sum_of_right_answers_and_never_beyond_the_top(asked, answers):
    top = sum(one.points for one in asked.values())

    score = scoring.score(asked, answers)

    assert score == sum(one.points for place, one in asked.items() if answers.get(place) == one.key)
    assert 0 <= scoring.mark(score, top) <= 100
    assert scoring.score(asked, {place: one.key for place, one in asked.items()}) == top


@given(one=st.integers(0, 10_000), other=st.integers(0, 10_000), top=st.integers(1, 10_000))
def test_more_points_never_give_a_lower_mark(one, other, top):
    low, high = sorted((one, other))

    assert scoring.mark(low, top) <= scoring.mark(high, top)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("0,25", 25), ("0.5", 50), ("10", 1000), ("1,5", 150), ("", None), ("-1", None), ("1,234", None), ("١", None)],
)  # fmt: skip
def test_points_are_understood_with_comma_and_dot(text: str, hundredths: int | None):
    assert points_of(text) == hundredths


@given(st.integers(0, 99_999))
def test_points_are_read_as_they_are_written(hundredths: int):
    assert points_of(written_points(hundredths)) == hundredths


@given(count=st.integers(1, 60), seed=st.integers(0, 2**30))
def test_shuffling_keeps_every_question_and_is_fixed_by_its_seed(count, seed):
    order = places(count, seed=seed, is_shuffled=True)

    assert sorted(order) == list(range(1, count + 1))
    assert order == places(count, seed=seed, is_shuffled=True)
    assert places(count, seed=seed, is_shuffled=False) == list(range(1, count + 1))


@pytest.mark.parametrize("last", ["Cả A và B", "Tất cả các ý trên", "Cả ba đáp án đều đúng", "All of the above"])
def test_choices_that_speak_of_others_stay_in_place(last: str):
    assert choice_positions(["a", "b", "c", last], seed=3, place=1, is_shuffled=True) == [1, 2, 3, 4]


PICTURE = "media:0199f0c0-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<p onclick=x>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<img src="javascript:x"><img src="/x.png"><img src=x onerror=y>', ""),
        (f'<img src="{PICTURE}" onload=x alt="Hình">', f'<img alt="Hình" src="{PICTURE}">'),
        ('<a href="javascript:x">liên kết</a>', "liên kết"),
        ("<strong>a</strong><em>b</em><h1>c</h1>", "<b>a</b><i>b</i><b>c</b>"),
        ('<table><tr><td colspan="2" style="x">a</td></tr></table>', '<table><tr><td colspan="2">a</td></tr></table>'),
        ("<svg><script>x</script></svg><style>y</style>z", "z"),
        ("<!-- <script> -->a", "a"),
        ("$a<b$", "$a&lt;b$"),
        ("<<b>b</b>", "&lt;<b>b</b>"),
    ],
)
def test_only_harmless_html_is_kept(given: str, kept: str):
    assert sanitised(given) == kept


@given(st.text(alphabet="<>&\"'/=abpiu scriptonimg:media$\x00\ud800\n-!", max_size=80))
def test_safe_html_stays_as_it_is_and_holds_no_way_to_run_anything(text):
    safe = sanitised(text)

    assert sanitised(safe) == safe
    assert "<script" not in safe.lower()
    assert "<img" not in safe or media_in(safe)


def test_words_are_plain():
    assert words("<p>Cho&lt; <b>x</b><br>y</p>") == "Cho< x y"
