"""What the curriculum tells."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class OutcomesImported(Event):
    """The outcome tree of a subject has new or changed nodes."""

    name: ClassVar[str] = "curriculum.outcomes_imported"
    subject_id: int
    created: int
    changed: int
