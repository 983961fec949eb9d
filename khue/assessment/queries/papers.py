"""Papers under review."""

from uuid import UUID

from django.db.models import QuerySet

from khue.assessment import access
from khue.assessment.access import Permission
from khue.assessment.models import Paper, PaperItem
from khue.foundation.actor import Actor
from khue.foundation.record import one


def visible_papers(actor: Actor) -> QuerySet[Paper]:
    """Papers this actor may review, the latest first. One query; page it before use."""
    rows = Paper.objects.filter(access.within(actor, Permission.BANK_WRITE))
    return rows.select_related("subject", "organisation").order_by("-id")


def paper_of(actor: Actor, public_id: UUID) -> Paper:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_papers(actor), public_id=public_id)


def items_of(paper: Paper) -> list[PaperItem]:
    """All questions of the paper in its order."""
    return list(PaperItem.objects.filter(paper=paper).order_by("order"))
