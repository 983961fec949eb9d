"""Reports asked for one occasion: what an office asked and how far it is, and what a school is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.indicators.access import Permission
from khue.indicators.models import AskedReport
from khue.registry.models import Organisation

MOST, MOST_OWED = 50, 5


@dataclass(frozen=True, slots=True)
class AskedRound:
    """One asking of an office. late: sent after the day, or not sent and the day is over."""

    public_id: UUID
    title: str
    due_on: date
    is_withdrawn: bool
    schools: int
    sent: int
    late: int


def asked_of(actor: Actor, public_id: UUID) -> AskedReport:
    """What a school is asked: to whoever answers for it, and to whoever receives reports at the office that asked.

    Raises NotFound.
    """
    return one(_seen(actor).select_related("organisation", "office"), public_id=public_id)


def rounds_of(office: Organisation, today: date) -> list[AskedRound]:
    """What an office asked, the newest first. Two queries."""
    rows = AskedReport.objects.filter(office=office).order_by().values("round", "title", "due_on")
    late = Q(sent_at=None, due_on__lt=today)
    found = list(
        rows.annotate(
            first=Min("id"), schools=Count("id"), sent=Count("id", filter=Q(sent_at__isnull=False)),
            missing=Count("id", filter=late), gone=Count("id", filter=Q(withdrawn_at__isnull=False)),
        ).order_by("-first")[:MOST]
    )  # fmt: skip
    keys = dict(AskedReport.objects.filter(id__in=[row["first"] for row in found]).values_list("id", "public_id"))
    return [
        AskedRound(
            keys[row["first"]], row["title"], row["due_on"], bool(row["gone"]), row["schools"], row["sent"],
            row["missing"],
        )
        for row in found
    ]  # fmt: skip


def round_of(asked: AskedReport, which: str = "", today: date | None = None) -> list[AskedReport]:
    """The rows of a round by the names of schools. One query.

    which  "sent", "missing" or "late"; all of them for any other word
    """
    rows = AskedReport.objects.filter(round=asked.round).select_related("organisation")
    narrowed = {
        "sent": rows.exclude(sent_at=None),
        "missing": rows.filter(sent_at=None),
        "late": rows.filter(sent_at=None, due_on__lt=today) if today else rows.none(),
    }
    return list(narrowed.get(which, rows).order_by("organisation__folded_name", "id"))


def asked_schools(together: UUID, *, is_waiting: bool) -> list[AskedReport]:
    """The rows of a round for the program that tells of them; only those that wait for an answer if so. One query."""
    rows = AskedReport.objects.filter(round=together, withdrawn_at=None)
    return list((rows.filter(sent_at=None) if is_waiting else rows).select_related("office").order_by("id"))


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
