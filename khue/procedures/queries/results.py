"""Results: what was granted, for whoever makes the document, and the signed file of it."""

from dataclasses import dataclass

from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.procedures.extensions import CaseFacts
from khue.procedures.facts import facts_of
from khue.procedures.models import SignedResult, Slip
from khue.procedures.versions import version
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class Granted:
    """A case that ended well. slip: its result, with its number; title: of the procedure; office: with its parent."""

    slip: Slip
    facts: CaseFacts
    title: str
    office: Organisation


def granted(slip_id: int) -> Granted:
    """What was granted by a result, for work that was given its id by ResultIssued. Raises NotFound. One query."""
    rows = Slip.objects.filter(kind=Slip.Kind.RESULT)
    slip = one(rows.select_related("case__definition", "case__organisation__parent"), id=slip_id)
    kept = version(slip.case.definition.public_id)
    return Granted(slip, facts_of(slip.case, kept), kept.title, slip.case.organisation)


def result_of(case_id: int) -> StoredFile:
    """The signed file of a case that the actor may take. Raises NotFound while nothing is signed. One query."""
    return one(SignedResult.objects.select_related("file"), slip__case_id=case_id).file
