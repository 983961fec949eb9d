"""What higher rooms plug into the workspace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from khue.foundation.slots import Slots


@dataclass(frozen=True, slots=True)
class Circle:
    """Some of the staff of one office who share a folder and meet.

    key    "schools.subject_group:12": the same as long as the circle is
    leads  whether the person asked about leads it; False where nobody was asked about
    """

    key: str
    title: str
    leads: bool = False


@dataclass(frozen=True)
class CircleKind:
    """A kind of circle that another room knows.

    label      lazy translation, "Tổ chuyên môn"
    at         (organisation id) to all circles there today, by title
    of_person  (organisation id, person id) to those the person belongs to today
    """

    label: str | Promise
    at: Callable[[int], Sequence[Circle]]
    of_person: Callable[[int, int], Sequence[Circle]]


#: The key is what the keys of its circles begin with: "schools.subject_group".
circles: Slots[CircleKind] = Slots("circles")
