"""Digital transcripts and who signed them, keys, what left the school, and the register of diplomas."""

from khue.records.models.diplomas import Diploma, DiplomaCorrection, DiplomaCounter
from khue.records.models.received import ReceivedPackage, ReceivedSheet, SealedList
from khue.records.models.results import ResultDocument
from khue.records.models.signing import RevocationList, SigningBatch, SigningKey, TrialAuthority
from khue.records.models.transcripts import Deposit, Issue, Share, Signature, Step, Transcript, YearSheet

__all__ = [
    "Deposit",
    "Diploma",
    "DiplomaCorrection",
    "DiplomaCounter",
    "Issue",
    "ReceivedPackage",
    "ReceivedSheet",
    "ResultDocument",
    "RevocationList",
    "SealedList",
    "Share",
    "Signature",
    "SigningBatch",
    "SigningKey",
    "Step",
    "Transcript",
    "TrialAuthority",
    "YearSheet",
]
