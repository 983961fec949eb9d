"""What higher rooms plug into the exchange: what is done with a letter, and what is under way with other nodes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A letter whose signature held and that was sealed for us. content: its words, or a piece of a file."""

    from_node: UUID
    from_name: str
    thread: UUID
    part: int
    content: bytes


def _nobody(letter: OpenedLetter, at: datetime) -> None:
    raise LookupError(f"nobody reads letters: {letter.thread} {at}")


#: Called in a transaction in the scope of the whole node. A Refusal leaves the letter, to be read again.
letter_reader: Slot[Callable[[OpenedLetter, datetime], None]] = Slot("exchange.letter_reader", default=_nobody)
#: What a school has begun with schools of other nodes and not finished: rows of any table, by the school's id. While
#: there are some, its node does not give its rows away.
under_way: Slots[Callable[[int], "QuerySet[Any]"]] = Slots("exchange.under_way")
