"""What the exchange tells."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class RecordsReceived(Event):
    """A node below reported: so many records are new or newer; how many came of schools themselves and of figures."""

    name: ClassVar[str] = "exchange.records_received"
    peer_id: int
    taken: int
    schools: int = 0
    figures: int = 0


@dataclass(frozen=True)
class NodesChanged(Event):
    """Which nodes and schools are known here, or by which way, is another than before."""

    name: ClassVar[str] = "exchange.nodes_changed"


@dataclass(frozen=True)
class SchoolHandedOver(Event):
    """This node keeps a school's rows no longer: its own node does, from now on."""

    name: ClassVar[str] = "exchange.school_handed_over"
    peer_id: int
    records: int


@dataclass(frozen=True)
class SchoolHandedBack(Event):
    """A school's own node keeps its rows no longer: told there, and above once everything has arrived."""

    name: ClassVar[str] = "exchange.school_handed_back"
    peer_id: int


@dataclass(frozen=True)
class SchoolTakenBack(Event):
    """This node keeps a school's rows again, and hears its node no more."""

    name: ClassVar[str] = "exchange.school_taken_back"
    peer_id: int
    records: int


@dataclass(frozen=True)
class RecordsHeld(Event):
    """Records of a school were held back, by us or by the level above: somebody there has to mend rows."""

    name: ClassVar[str] = "exchange.records_held"
    count: int
