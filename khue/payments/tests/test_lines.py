"""Which lines of a bank are the same, whatever door tells of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.payments.lines import Kept, Line, content_of, reference_of, sorted_out
from khue.payments.payment_codes import code_of

DAY = date(2026, 11, 23)
CODE = code_of(7)


def test_doors_write_differently_around_a_code() -> None:
    one = Line(DAY, 5, f"MBVCB.4411.{CODE}.CT tu 0011 NGUYEN VAN A")

    assert content_of(one) == content_of(Line(DAY, 5, CODE.lower(), "FT1", "NGUYEN VAN A"))
    assert content_of(Line(DAY, 5, "Học phí  em An")) == content_of(Line(DAY, 5, "HOC PHI EM AN"))
    others = [Line(DAY, 6, CODE), Line(date(2026, 11, 24), 5, CODE), Line(DAY, 5, code_of(8)), Line(DAY, 5, "hoc phi")]
    assert content_of(one) not in {content_of(other) for other in others}


@pytest.mark.parametrize(
    ("given_reference", "kept"),
    [("FT1", "FT1"), (" FT1 ", "FT1"), ("", ""), ("  ", ""), ("~ours", ""), ("x" * 100, "x" * 100)],
)
def test_a_number_is_kept_as_the_bank_gave_it(given_reference: str, kept: str) -> None:
    assert reference_of(Line(DAY, 1, "", given_reference)) == kept


def test_a_number_that_is_too_long_is_kept_as_its_digest() -> None:
    one, other = (reference_of(Line(DAY, 1, "", "x" * 100 + end)) for end in "ab")

    assert one != other
    assert len(one) <= 100


def test_two_transfers_under_one_number_are_two() -> None:
    found = sorted_out([Line(DAY, 5, "a", "FT1"), Line(DAY, 6, "a", "FT1"), Line(DAY, 5, "a", "FT1")], [])

    assert [line.amount for line in found.new] == [5, 6]
    assert found.known == 1


class Bookkeeper:
    """The lines that remain when what is told is sorted out again and again, as the table of lines keeps them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Line] = {}

    def tell(self, lines: list[Line]) -> None:
        found = sorted_out(lines, [Kept(*key, content_of(line)) for key, line in self.kept.items()])
        for without, number in found.numbers.items():
            key = next(key for key in self.kept if key[0] == without)
            self.kept[number, key[1]] = self.kept.pop(key)
        for line in found.new:
            assert (line.reference, line.amount) not in self.kept
            self.kept[line.reference, line.amount] = line

    @property
    def books(self) -> set[tuple[str, int, str]]:
        return {(*key, content_of(line)) for key, line in self.kept.items()}


TRANSFERS = st.lists(
    st.tuples(st.sampled_from([100, 200]), st.sampled_from([CODE, code_of(9), "hoc phi"])), min_size=1, max_size=7
)


@given(TRANSFERS, st.lists(st.booleans(), min_size=7, max_size=7), st.randoms())
def test_any_order_of_calls_with_numbers_and_files_without_ends_in_the_same_lines(
    transfers, are_called, chance
) -> None:
    """Some of the transfers are told by calls, one by one; the file without numbers tells of all of them."""
    called = [
        Line(DAY, amount, f"MB.{purpose}.CT" if purpose != "hoc phi" else "HOC  PHI.", f"FT{number}", "AN")
        for number, (amount, purpose) in enumerate(transfers) if are_called[number]
    ]  # fmt: skip
    file = [Line(DAY, amount, purpose) for amount, purpose in transfers]
    straight, mixed = Bookkeeper(), Bookkeeper()
    for line in called:
        straight.tell([line])
    straight.tell(file)
    batches = [[line] for line in called] + [file, file, called]
    chance.shuffle(batches)

    for batch in batches:
        chance.shuffle(batch)
        mixed.tell(batch)

    assert mixed.books == straight.books
    assert len(mixed.kept) == len(transfers)
