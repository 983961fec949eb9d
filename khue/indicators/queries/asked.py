"""Reports asked for one occasion: what an office asked and how far it is, and what a school is asked."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.indicators.access import Permission
from khue.indicators.models import AskedReport, AskedRound
from khue.registry.models import Organisation

MOST, MOST_OWED, AT_ONCE = 50, 5, 100


def asked_of(actor: Actor, public_id: UUID) -> AskedReport:
    """What a school is asked: to whoever answers for it, and to whoever receives reports at the office that asked.

    Raises NotFound.
    """
    return one(_seen(actor).select_related("organisation", "office"), public_id=public_id)


def rounds_of(office: Organisation) -> list[AskedRound]:
    """What an office asked, the newest first. One query."""
    return list(AskedRound.objects.filter(organisation=office).order_by("-id")[:MOST])


def round_with(asked: AskedReport) -> AskedRound:
    """The asking that a row belongs to. One query."""
    return AskedRound.objects.get(round=asked.round)


def round_of(asked: AskedReport, which: str = "", today: date | None = None) -> QuerySet[AskedReport]:
    """The rows of a round in the order in which schools were asked: by their names then. One query; page it.

    which  "sent", "missing" or "late"; all of them for any other word
    """
    rows = AskedReport.objects.filter(round=asked.round).select_related("organisation").order_by("id")
    if which == "late":
        return rows.filter(sent_at=None) if today and asked.due_on < today else rows.none()
    return rows.filter(sent_at__isnull=which == "missing") if which in ("sent", "missing") else rows


def asked_schools(together: UUID, *, after: int, is_waiting: bool) -> list[AskedReport]:
    """The next hundred rows of a round after a row, for the program that tells of them. One query.

    is_waiting  only those that wait for an answer
    """
    rows = AskedReport.objects.filter(round=together, withdrawn_at=None, id__gt=after)
    rows = rows.filter(sent_at=None) if is_waiting else rows
    return list(rows.select_related("office").order_by("id")[:AT_ONCE])


def asked_at(actor: Actor, school: Organisation) -> Sequence[AskedReport]:
    """What a school was asked, the newest first, to whoever answers for it or receives at the office. One query."""
    rows = _seen(actor).filter(organisation=school).exclude(withdrawn_at__isnull=False, sent_at=None)
    return list(rows.select_related("office").order_by("-id")[:MOST])


def owed_by(school: Organisation) -> list[AskedReport]:
    """The first reports that a school still owes, the earliest day first. One query."""
    return list(_owed(school.id))


@compiled
def _owed(school_id: int) -> QuerySet[AskedReport]:
    rows = AskedReport.objects.filter(organisation_id=school_id, sent_at=None, withdrawn_at=None)
    return rows.select_related("office").order_by("due_on", "id")[:MOST_OWED]


def _seen(actor: Actor) -> QuerySet[AskedReport]:
    answers, receives = actor.organisations(Permission.REPORT_ANSWER), actor.organisations(Permission.REPORT_RECEIVE)
    if answers is None or receives is None:
        return AskedReport.objects.all()
    return AskedReport.objects.filter(Q(organisation_id__in=sorted(answers)) | Q(office_id__in=sorted(receives)))
