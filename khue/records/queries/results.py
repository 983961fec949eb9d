"""Results of procedures: those that wait for the school's seal, and those that have it."""

from django.db.models import QuerySet

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.models import StoredFile
from khue.procedures import queries as cases
from khue.records import access
from khue.records.access import Permission
from khue.records.models import ResultDocument


def visible_results(actor: Actor) -> QuerySet[ResultDocument]:
    """Documents of the bodies for which the actor seals, the newest first, with their cases. One query."""
    rows = ResultDocument.objects.filter(access.own(actor, Permission.RESULT_SEAL))
    return rows.select_related("slip__case").defer("slip__case__data").order_by("-id")


def results_waiting(organisation_id: int) -> QuerySet[ResultDocument]:
    """What waits for the seal of a school, the oldest first. What the caller may seal, the caller has checked."""
    return ResultDocument.objects.filter(organisation_id=organisation_id, sealed_at=None).order_by("id")


def may_read_result(actor: Actor, file: StoredFile) -> bool:
    """A result is for whoever may open its case."""
    named = ResultDocument.objects.filter(pdf=file).values("slip__case")
    return cases.visible_cases(actor).filter(id__in=named).exists()


def is_result(digest: str) -> bool:
    """Whether this node has sealed a document of these bytes. For anybody: whoever asks has the file. One query."""
    with scope.of(SYSTEM):
        return ResultDocument.objects.filter(digest=digest).exists()
