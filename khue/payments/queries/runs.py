"""A run of invoices (đợt thu): what was billed on one day under one title, and how far it has come, class by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.payments import access, extensions, payment_codes
from khue.payments.access import Permission
from khue.payments.models import Invoice

#: Runs in the list, and how far back it looks.
MOST, REACH = 40, timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Run:
    """Invoices billed together. Amounts in đồng, of those that stand; the run is addressed by its first invoice.

    families, paid_up  invoices that stand, and those of them that are paid in full
    cancelled          invoices that were taken back
    """

    public_id: UUID
    organisation_id: int
    title: str
    issued_on: date
    due_on: date
    families: int
    paid_up: int
    cancelled: int
    total: int
    paid: int

    @property
    def left(self) -> int:
        return self.total - self.paid

    @property
    def waiting(self) -> int:
        """Families that have not paid all of it."""
        return self.families - self.paid_up


@dataclass(frozen=True, slots=True)
class Asked:
    """One invoice of a run, with the class of the child whose name the family has. Empty for who is in no class."""

    public_id: UUID
    code: str
    group: str
    family: str
    total: int
    paid: int
    due_on: date
    is_cancelled: bool

    @property
    def left(self) -> int:
        return 0 if self.is_cancelled else self.total - self.paid


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """How far a class has come. waiting: families that have not paid all; left: đồng."""

    group: str
    families: int
    waiting: int
    left: int


def runs_of(actor: Actor, organisation_id: int, today: date) -> list[Run]:
    """The runs of a school in the last year, the newest first. Two queries; one reads the year's invoices."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    return _runs(_since(organisation_id, today - REACH))


def run_of(actor: Actor, public_id: UUID) -> Run:
    """The run an invoice belongs to. Raises NotFound, also for whoever does not read the school's money."""
    one = _one_of_office(actor, public_id)
    return _runs(_of_run(one.organisation_id, one.title, one.issued_on))[0]


def invoices_of_run(run: Run) -> list[Asked]:
    """All invoices of a run from `run_of`, by class and name. Two queries, however many."""
    rows = Invoice.objects.filter(organisation_id=run.organisation_id, title=run.title, issued_on=run.issued_on)
    found = list(
        rows.order_by("family__sort_key", "id").values_list(
            "id", "public_id", "family_id", "family__full_name", "total", "paid", "due_on", "cancelled_at"
        )
    )
    places = extensions.groups.filling.places(run.organisation_id, run.issued_on, {row[2] for row in found})
    order = {label: number for number, label in enumerate(dict.fromkeys(places.values()))}
    asked = [
        Asked(key, payment_codes.code_of(number), places.get(family, ""), name, total, paid, due_on, bool(cancelled))
        for number, key, family, name, total, paid, due_on, cancelled in found
    ]
    return sorted(asked, key=lambda one: order.get(one.group, len(order)))


def by_group(asked: Sequence[Asked]) -> list[GroupStanding]:
    """How far each class has come, in the order given. No query."""
    standing = [one for one in asked if not one.is_cancelled]
    found = []
    for group in dict.fromkeys(one.group for one in standing):
        of_group = [one for one in standing if one.group == group]
        left = sum(one.left for one in of_group)
        found.append(GroupStanding(group, len(of_group), sum(one.left > 0 for one in of_group), left))
    return found


def standing_ids(run: Run, *, is_unpaid: bool = False) -> list[int]:
    """The invoices of a run that stand, or only those that are not paid in full. One query."""
    rows = Invoice.objects.filter(
        organisation_id=run.organisation_id, title=run.title, issued_on=run.issued_on, cancelled_at=None
    )
    return list((rows.filter(paid__lt=F("total")) if is_unpaid else rows).order_by("id").values_list("id", flat=True))


def _one_of_office(actor: Actor, public_id: UUID) -> Invoice:
    found = Invoice.objects.filter(access.of_office(actor), public_id=public_id).first()
    if found is None or not actor.may(Permission.MONEY_READ, found):
        raise NotFound
    return found


#: Organisation, title, day; first invoice, day it is due; standing, paid up, taken back; đồng asked for, đồng paid.
_Counted = tuple[int, str, date, int, date, int, int, int, int | None, int | None]


@compiled
def _since(organisation_id: int, day: date) -> QuerySet[Invoice, _Counted]:
    return _counted(Invoice.objects.filter(organisation_id=organisation_id, issued_on__gte=day))


@compiled
def _of_run(organisation_id: int, title: str, issued_on: date) -> QuerySet[Invoice, _Counted]:
    return _counted(Invoice.objects.filter(organisation_id=organisation_id, title=title, issued_on=issued_on))


def _counted(rows: QuerySet[Invoice]) -> QuerySet[Invoice, _Counted]:
    stands, paid_up = Q(cancelled_at=None), Q(cancelled_at=None, paid=F("total"))
    counted = (
        rows.order_by()
        .values("organisation_id", "title", "issued_on")
        .annotate(
            first=Min("id"),
            last_day=Min("due_on"),
            families=Count("id", filter=stands),
            paid_up=Count("id", filter=paid_up),
            cancelled=Count("id", filter=~stands),
            asked=Sum("total", filter=stands),
            came=Sum("paid", filter=stands),
        )
        .order_by("-first")[:MOST]
    )
    names = ("organisation_id", "title", "issued_on", "first", "last_day", "families", "paid_up", "cancelled")
    return cast("QuerySet[Invoice, _Counted]", counted.values_list(*names, "asked", "came"))


def _runs(counted: Sequence[_Counted]) -> list[Run]:
    keys = dict(_keys([row[3] for row in counted]))
    return [
        Run(keys[first], organisation, title, on, due, families, paid_up, cancelled, asked or 0, came or 0)
        for organisation, title, on, first, due, families, paid_up, cancelled, asked, came in counted
    ]


@compiled
def _keys(invoice_ids: Sequence[int]) -> QuerySet[Invoice, tuple[int, UUID]]:
    return Invoice.objects.filter(id__in=invoice_ids).values_list("id", "public_id")
