"""Facts of the library."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class ResourcePublished(Event):
    """A resource was published."""

    name: ClassVar[str] = "library.resource_published"
    resource_id: int


@dataclass(frozen=True)
class ResourceApproved(Event):
    """A resource was approved for formal teaching."""

    name: ClassVar[str] = "library.resource_approved"
    resource_id: int
