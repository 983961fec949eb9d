"""The ways in which a list is asked for, each with a query of its own that is kept. docs/decisions/0094"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Words of a search up to which a query is kept: no typing makes a node keep more statements than that.
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Way:
    """All that decides the text of a list's query; its arguments, words, values and place are filled in.

    rows       gives the list, from so many `arguments`
    words      how many words are searched for
    filters    those in force; with the text where the text decides what is asked, "" where a value is compared
    has_place  the page begins at a row, after it or (is_backwards) before it
    most       rows of the page
    """

    rows: Callable[..., Any]
    arguments: int
    words: int
    filters: tuple[tuple[str, str], ...]
    has_place: bool
    is_backwards: bool
    most: int

    def __post_init__(self) -> None:
        if "<" in self.rows.__qualname__:
            raise TypeError(f"{self.rows.__qualname__} is made anew for every page: its query cannot be kept")
