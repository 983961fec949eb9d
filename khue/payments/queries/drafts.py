"""A bill before it is sent: who is asked for what, who for nothing, and who was asked before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from khue.payments import extensions
from khue.payments.charges import Charge
from khue.payments.extensions import Span
from khue.payments.models import FeeItem, InvoiceLine, Relief
from khue.payments.reliefs import Terms, less
from khue.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Asked:
    """One fee of a plan. quantity: units of its base for everybody, unless a room above knows what each child used."""

    item: FeeItem
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What the office means to bill.

    groups     keys of extensions.Group
    by_days    ask only for the days on which a child was at the school
    """

    title: str
    span: Span
    groups: tuple[str, ...]
    asked: tuple[Asked, ...]
    by_days: bool
    issued_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be sent. Numbers are of children.

    free    pay nothing, because of their reliefs or because they used nothing
    before  were billed for the same fee and days before: they are left out of it
    """

    charges: list[Charge]
    children: int
    free: int
    before: int
    totals: tuple[tuple[FeeItem, int, int], ...]

    @property
    def total(self) -> int:
        return sum(charge.amount for charge in self.charges)


def draft_of(plan: Plan) -> Draft:
    """Who would be asked for what. A handful of queries, however many children."""
    stays = extensions.groups.filling.stays(plan.span, plan.groups) if plan.groups else {}
    items = [asked.item for asked in plan.asked]
    billed = _billed(plan.span, items, stays)
    terms = _Granted(plan.span, items, stays)
    charges: list[Charge] = []
    for asked in plan.asked:
        used = extensions.used.get(asked.item.base)
        is_counted = used is not None
        quantities = used(plan.span, stays) if used else dict.fromkeys(stays, asked.quantity)
        for child, stayed in stays.items():
            quantity = quantities.get(child, 0)
            if quantity > 0 and (child, asked.item.name) not in billed:
                charges.append(_charge(plan, asked.item, child, quantity, stayed, terms, is_counted=is_counted))
    paying = [charge for charge in charges if charge.amount > 0]
    asked_for = {charge.child_id for charge in paying}
    seen_before = {child for child, _name in billed}
    return Draft(
        charges=paying,
        children=len(asked_for),
        free=len(stays.keys() - asked_for - seen_before),
        before=len(seen_before),
        totals=tuple(_totals(items, paying)),
    )


def _charge(
    plan: Plan, item: FeeItem, child: int, quantity: int, stayed: int, terms: "_Granted", *, is_counted: bool
) -> Charge:
    """What is counted by the meal or day needs no share of days."""
    days = plan.span.days
    part = stayed if plan.by_days and not is_counted else days
    off = less(price=item.amount, quantity=quantity, terms=terms.of(item, child), stayed=part, of_days=days)
    return Charge(child, item, quantity, off.amount, off.reason, plan.span.first, plan.span.last)


def _totals(items: Sequence[FeeItem], charges: Iterable[Charge]) -> Iterable[tuple[FeeItem, int, int]]:
    found = list(charges)
    for item in items:
        of_item = [charge.amount for charge in found if charge.item.id == item.id]
        yield item, len(of_item), sum(of_item)


def _billed(span: Span, items: Sequence[FeeItem], children: Collection[int]) -> set[tuple[int, str]]:
    """(child, name of the fee) of what stands on an invoice for any of these days. A fee that follows has its name."""
    rows = InvoiceLine.objects.filter(
        organisation_id=span.organisation_id, item__name__in=[item.name for item in items], first__lte=span.last,
        last__gte=span.first, invoice__cancelled_at=None,
    )  # fmt: skip
    return {row for row in rows.values_list("child_id", "item__name") if row[0] in children}


class _Granted:
    """Reliefs in force on the last day of a span. Two queries."""

    def __init__(self, span: Span, items: Sequence[FeeItem], children: Collection[int]) -> None:
        rows = Relief.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=span.last),
            organisation_id=span.organisation_id, item__name__in=[item.name for item in items],
            valid_from__lte=span.last,
        )  # fmt: skip
        self._rows: dict[tuple[str, int | str], list[Terms]] = {}
        for row in rows.select_related("item"):
            key = (row.item.name, row.child_id or row.ground)
            self._rows.setdefault(key, []).append(Terms(row.reason, row.percent, row.price))
        self._grounds = _grounds_of(children) if any(isinstance(who, str) for _name, who in self._rows) else {}

    def of(self, item: FeeItem, child: int) -> list[Terms]:
        who: list[int | str] = [child, *self._grounds.get(child, ())]
        return [terms for one in who for terms in self._rows.get((item.name, one), ())]


def _grounds_of(children: Collection[int]) -> Mapping[int, list[str]]:
    """What the files of children say, as grounds of relief."""
    found = {}
    for child, details in registry.details_of(list(children)).items():
        said = {Relief.Ground.POOR: details.is_poor_household, Relief.Ground.DISABLED: details.is_disabled}
        found[child] = [ground.value for ground, holds in said.items() if holds]
    return found
