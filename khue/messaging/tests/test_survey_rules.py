"""What is an answer, and what a consent sheet amounts to: tables, invariants, and whatever people may type."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.messaging.consent_seals import Sealed, hash_of, is_whole, seal_of, wording_of
from khue.messaging.consent_standing import Signed, Standing, settles, standing
from khue.messaging.survey_answers import AnswerMissing, Asked, NotAnAnswer, read_answer, summed, value_in_words
from tests.world import NOON

KINDS = {
    "one": Asked("one", choices=frozenset({1, 2, 3})),
    "several": Asked("several", choices=frozenset({1, 2, 3})),
    "scale": Asked("scale", least=1, most=5),
    "number": Asked("number", least=-5, most=1_000_000),
    "date": Asked("date"),
    "text": Asked("text"),
}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("one", ["2"], ["2"]), ("several", ["3", "1", "3"], ["1", "3"]), ("scale", ["5"], ["5"]),
        ("number", ["8,5"], ["8.5"]), ("number", ["8.50"], ["8.5"]), ("number", ["1.250"], ["1250"]),
        ("number", ["1.250,5"], ["1250.5"]), ("number", ["-0"], ["0"]), ("number", [" 12 "], ["12"]),
        ("number", ["100"], ["100"]), ("date", ["5/12/2026"], ["2026-12-05"]), ("date", ["2026-12-05"], ["2026-12-05"]),
        ("text", [" Vâng\u0000 \r\n ạ "], ["Vâng ạ"]),
    ],
)  # fmt: skip
def test_what_people_type_is_kept_in_one_form(kind: str, typed: list[str], kept: list[str]) -> None:
    assert read_answer(KINDS[kind], typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("one", ["4"]), ("one", ["1", "2"]), ("one", ["²"]), ("one", ["x"]), ("several", ["1", "9"]), ("scale", ["0"]),
        ("scale", ["6"]), ("scale", ["--3"]), ("number", ["8,5,1"]), ("number", ["NaN"]), ("number", ["Infinity"]),
        ("number", ["1_000"]), ("number", ["-6"]), ("number", ["1000001"]),
        ("number", ["٣"]), ("date", ["31/02/2026"]), ("date", ["01/01/0001"]), ("text", ["a" * 501]),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(kind: str, typed: list[str]) -> None:
    with pytest.raises(NotAnAnswer):
        read_answer(KINDS[kind], typed)


@given(kind=st.sampled_from(sorted(KINDS)), typed=st.lists(st.text(max_size=30), max_size=3))
def test_whatever_is_typed_is_kept_in_a_form_that_reads_as_itself_or_refused(kind: str, typed: list[str]) -> None:
    asked = KINDS[kind]
    try:
        kept = read_answer(asked, typed)
    except NotAnAnswer:
        return
    assert read_answer(asked, kept) == kept
    assert all(value_in_words(asked, value, {1: "a", 2: "b", 3: "c"}) for value in kept)
    assert "\x00" not in "".join(kept)


@given(st.decimals(min_value=-5, max_value=1_000_000, places=2))
def test_every_number_in_its_range_is_kept_to_the_hundredth(number: Decimal) -> None:
    (kept,) = read_answer(KINDS["number"], [str(number).replace(".", ",")])
    assert Decimal(kept) == number


def test_what_is_required_is_asked_for_and_the_rest_may_be_left_out() -> None:
    with pytest.raises(AnswerMissing):
        read_answer(KINDS["text"], ["  "])
    assert read_answer(Asked("text", is_required=False), ["  "]) == []


@given(st.lists(st.integers(1, 5), max_size=60))
def test_a_sum_counts_every_answer_once_and_its_mean_lies_between_its_ends(given_values: list[int]) -> None:
    brought = summed(KINDS["scale"], [(str(value), 1) for value in given_values])
    assert brought.answers == sum(brought.counts.values()) == len(given_values)
    assert {key: count for key, count in brought.counts.items() if count} == Counter(map(str, given_values))
    assert list(brought.counts) == ["1", "2", "3", "4", "5"]
    if given_values:
        assert brought.least <= brought.mean <= brought.most
    else:
        assert brought.mean is None


def word(guardian: int, decision: str, minute: int = 0, conditions: bool = False) -> Signed:
    return Signed(guardian, decision, conditions, NOON + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("signatures", "amounts_to"),
    [
        ([], Standing.OPEN),
        ([word(1, "yes")], Standing.YES),
        ([word(1, "yes", conditions=True)], Standing.CONDITIONAL),
        ([word(1, "yes"), word(2, "no")], Standing.DISAGREED),
        ([word(1, "yes"), word(2, "yes"), word(2, "withdrawn", 1)], Standing.DISAGREED),
        ([word(1, "yes"), word(1, "withdrawn", 1)], Standing.WITHDRAWN),
        ([word(1, "no"), word(2, "no")], Standing.NO),
        ([word(1, "no"), word(1, "yes", 1)], Standing.YES),
        ([word(1, "yes"), word(9, "no")], Standing.YES),
    ],
)
def test_the_last_word_of_each_guardian_who_may_decide_counts(signatures: list[Signed], amounts_to: Standing) -> None:
    for order in permutations(signatures):
        assert standing(order, {1, 2}) == amounts_to


SIGNED = st.builds(
    word, st.integers(1, 3), st.sampled_from(["yes", "no", "withdrawn"]), st.integers(0, 50), st.booleans()
)


@given(st.lists(SIGNED, max_size=12, unique_by=lambda s: s.signed_at), st.sets(st.integers(1, 3)))
def test_nobody_is_outvoted_and_nobody_without_the_right_is_counted(
    signatures: list[Signed], deciders: set[int]
) -> None:
    found = standing(signatures, deciders)
    last = {
        s.guardian_id: s.decision for s in sorted(signatures, key=lambda s: s.signed_at) if s.guardian_id in deciders
    }
    if found in (Standing.YES, Standing.CONDITIONAL):
        assert set(last.values()) == {"yes"}
    assert (found == Standing.DISAGREED) == ("yes" in last.values() and set(last.values()) != {"yes"})
    assert (found == Standing.OPEN) == (not last)


def test_a_later_signature_asks_the_school_again() -> None:
    assert settles(NOON, [word(1, "yes")])
    assert not settles(NOON, [word(1, "yes"), word(1, "no", 1)])
    assert not settles(None, [])


FIELDS = ("child_id", "guardian_id", "relationship", "decision", "conditions", "wording_hash", "proved_by", "sheet")


@given(st.sampled_from(FIELDS), st.text(min_size=1, max_size=5))
def test_a_seal_breaks_whatever_is_changed(name: str, other: str) -> None:
    sealed = Sealed("s", 1, 2, "mother", "yes", "", hash_of("x"), "password", NOON)
    seal = seal_of(sealed)
    changed = {**{field: getattr(sealed, field) for field in FIELDS}, "signed_at": NOON}
    changed[name] = changed[name] + 1 if isinstance(changed[name], int) else changed[name] + other

    assert is_whole(sealed, seal)
    assert not is_whole(Sealed(**changed), seal)


def test_another_file_is_another_wording() -> None:
    one = wording_of("A", "B", takes_conditions=False, files=[("a.pdf", "0" * 64)])
    assert hash_of(one) != hash_of(wording_of("A", "B", takes_conditions=False, files=[("a.pdf", "1" * 64)]))
    assert hash_of(one) != hash_of(wording_of("A", "B", takes_conditions=True, files=[("a.pdf", "0" * 64)]))
