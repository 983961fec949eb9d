"""What the exchange tells."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class RecordsReceived(Event):
    """A node below reported: so many records are new or newer."""

    name: ClassVar[str] = "exchange.records_received"
    peer_id: int
    taken: int


@dataclass(frozen=True)
class RecordsHeld(Event):
    """Records of a school were held back, by us or by the level above: somebody there has to mend rows."""

    name: ClassVar[str] = "exchange.records_held"
    count: int
