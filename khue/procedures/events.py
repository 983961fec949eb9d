"""What happened to cases, for the rooms above."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class CaseFiled(Event):
    """A case was filed by somebody who left an e-mail address and has no account: the receipt goes there."""

    name: ClassVar[str] = "procedures.case_filed"
    case_id: int


@dataclass(frozen=True)
class SupplementAsked(Event):
    """An office asked once for what was missing; the clock stands still."""

    name: ClassVar[str] = "procedures.supplement_asked"
    case_id: int


@dataclass(frozen=True)
class CaseApologised(Event):
    """An office is late, apologised and named a new day."""

    name: ClassVar[str] = "procedures.case_apologised"
    case_id: int


@dataclass(frozen=True)
class CaseFinished(Event):
    """A case came to its end. ends: "granted" or "refused"."""

    name: ClassVar[str] = "procedures.case_finished"
    case_id: int
    ends: str


@dataclass(frozen=True)
class ResultIssued(Event):
    """A result was written and waits to be signed: `records` signs it and hands the file to keep_signed_result."""

    name: ClassVar[str] = "procedures.result_issued"
    case_id: int
    slip_id: int


@dataclass(frozen=True)
class ResultSigned(Event):
    """The signed file of a result is there: the applicant may take it."""

    name: ClassVar[str] = "procedures.result_signed"
    case_id: int
