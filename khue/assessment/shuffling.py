"""The order in which one attempt shows questions and choices: fixed by its seed, so that a reload shows the same."""

import re
from collections.abc import Sequence
from random import Random

#: Choices that speak of other choices keep the bank's order: "Cả A và B", "Tất cả các ý trên".
_SPEAKS_OF_OTHERS = re.compile(
    r"\b(?:cả|đáp án|phương án|ý)\s+(?:[A-H1-9]\b|hai|ba|các)|\btất cả\b.*\b(?:trên|đều)\b|\b(?:all|none|both) of\b"
    r"|\bkhông có (?:đáp án|phương án|ý) nào\b|\b[A-H] (?:và|,|and) [A-H]\b",
    re.IGNORECASE,
)


def places(count: int, *, seed: int, is_shuffled: bool) -> list[int]:
    """The places 1 to count in the order they are shown."""
    order = list(range(1, count + 1))
    if is_shuffled:
        # Not a secret: the seed only has to differ between neighbours.
        Random(seed).shuffle(order)  # noqa: S311
    return order


def choice_positions(contents: Sequence[str], *, seed: int, place: int, is_shuffled: bool) -> list[int]:
    """The positions of a question's choices, from 1, in the order they are shown."""
    speaks = any(_SPEAKS_OF_OTHERS.search(content) for content in contents)
    return places(len(contents), seed=seed * 1_009 + place, is_shuffled=is_shuffled and not speaks)
