"""How marks spread over a group: counts in bands, and silence about groups so small that a count is a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: A group of fewer is not shown: of four pupils a picture tells who has which mark. Domain §9.7.
LEAST_GROUP = 5
#: Lower ends in tenths, at the thresholds that the circular's levels ask for. TT 22/2021/TT-BGDĐT, Điều 9.
_BANDS = ((0, "0 – 3,4"), (35, "3,5 – 4,9"), (50, "5,0 – 6,4"), (65, "6,5 – 7,9"), (80, "8,0 – 8,9"), (90, "9,0 – 10"))


@dataclass(frozen=True, slots=True)
class Spread:
    """One group: how many pupils in each band, the highest last.

    bands  empty where fewer than LEAST_GROUP pupils have a mark
    """

    name: str
    bands: list[tuple[str, int]]
    pupils: int

    @property
    def is_hidden(self) -> bool:
        """Whether there is something that must not be shown."""
        return not self.bands and self.pupils > 0


def of_scores(name: str, counted: Mapping[int, int]) -> Spread:
    """Scores in bands.

    counted  how many pupils have a score, by tenths
    """
    numbers = [0] * len(_BANDS)
    for tenths, number in counted.items():
        numbers[max(place for place, (least, _) in enumerate(_BANDS) if tenths >= least)] += number
    return of_groups(name, [(label, number) for (_, label), number in zip(_BANDS, numbers, strict=True)])


def of_groups(name: str, counted: Sequence[tuple[str, int]]) -> Spread:
    """Counts that are bands already."""
    pupils = sum(number for _, number in counted)
    return Spread(name, list(counted) if pupils >= LEAST_GROUP else [], pupils)
