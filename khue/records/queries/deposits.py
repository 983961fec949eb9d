"""What was handed in, and what is still missing."""

from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Deposit
from khue.schools.models import SchoolYear


def visible_deposits(actor: Actor, school_year: SchoolYear | None = None) -> QuerySet[Deposit]:
    """What the school handed in, in a year or ever; the newest first. Page before use."""
    rows = Deposit.objects.filter(access.within(actor, Permission.SHEET_DEPOSIT))
    if school_year is not None:
        rows = rows.filter(Q(school_year=school_year))
    return rows.select_related("file", "school_year").order_by("-id")


def deposit_of(actor: Actor, public_id: UUID) -> Deposit:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_deposits(actor), public_id=public_id)
