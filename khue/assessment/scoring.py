"""From answers to points and from points to a mark. Points are hundredths, marks tenths; no fraction is ever lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asks and gives.

    kind    "choice" or "cluster"
    key     "2": position of the right choice; "TFTF": the truth of each statement
    points  hundredths for a full answer
    """

    kind: str
    key: str
    points: int


#: Share of a cluster's points, in hundredths, by the number of statements judged rightly.
#: source  QĐ 764/QĐ-BGDĐT (8/3/2024), part II of the graduation paper: 0.1, 0.25, 0.5 and 1 of one point
CLUSTER_SHARES: Mapping[int, Sequence[int]] = {4: (0, 10, 25, 50, 100)}


def choice_score(asked: Asked, answer: str) -> int:
    """Full points for the right choice, none for another or for no answer."""
    return asked.points if answer == asked.key else 0


def cluster_score(asked: Asked, answer: str) -> int:
    """Points of a group of true-false statements, by how many are judged rightly.

    answer  a letter a statement, "T" or "F", anything else where it was left blank; blank counts as wrong
    """
    right = sum(given == wanted for given, wanted in zip(answer.ljust(len(asked.key)), asked.key, strict=False))
    return half_up(asked.points * CLUSTER_SHARES[len(asked.key)][right], 100)


SCORERS: Mapping[str, Callable[[Asked, str], int]] = {"choice": choice_score, "cluster": cluster_score}


def score(asked: Mapping[int, Asked], answers: Mapping[int, str]) -> int:
    """Points of an attempt, in hundredths.

    asked    by question
    answers  by question; a question without one gives nothing, an answer to no question counts nothing
    """
    return sum(SCORERS[one.kind](one, answers.get(question, "")) for question, one in asked.items())


def mark(points: int, top: int) -> int:
    """The mark on the scale of ten, in tenths, half rounded up: 7.25 of 10 points is 73.

    points, top  hundredths had, and to be had; top is above zero
    """
    return half_up(points * 100, top)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two whole numbers, halves rounded up; neither is negative."""
    return (2 * numerator + denominator) // (2 * denominator)
