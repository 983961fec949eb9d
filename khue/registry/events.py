"""What the registry tells."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class OrganisationMoved(Event):
    """A body and all below it now stand under another."""

    name: ClassVar[str] = "registry.organisation_moved"
    moved_id: int
    from_parent_id: int | None
    to_parent_id: int


@dataclass(frozen=True)
class OrganisationClosed(Event):
    name: ClassVar[str] = "registry.organisation_closed"
    closed_id: int


@dataclass(frozen=True)
class OrganisationsMerged(Event):
    """Bodies ended, and another one stands for them."""

    name: ClassVar[str] = "registry.organisations_merged"
    merged_ids: list[int]
    into_id: int


@dataclass(frozen=True)
class OrganisationSplit(Event):
    """New bodies were made out of one."""

    name: ClassVar[str] = "registry.organisation_split"
    part_ids: list[int]


@dataclass(frozen=True)
class PersonCorrected(Event):
    """Fields of a person's file have new values; `fields` names them."""

    name: ClassVar[str] = "registry.person_corrected"
    person_id: int
    fields: list[str]


@dataclass(frozen=True)
class PeopleCorrected(Event):
    """Many files have new values at once, after an import."""

    name: ClassVar[str] = "registry.people_corrected"
    person_ids: list[int]


@dataclass(frozen=True)
class GuardianRightsChanged(Event):
    """Whoever shows a child's data to a guardian, or writes to one, looks again."""

    name: ClassVar[str] = "registry.guardian_rights_changed"
    child_id: int
    guardian_id: int
