"""A bill before it is sent: who is asked for what, who for nothing, and who was asked before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from khue.payments import extensions
from khue.payments.charges import Charge
from khue.payments.extensions import Span
from khue.payments.models import FeeItem, InvoiceLine, Relief
from khue.payments.queries.answers import agreed_to
from khue.payments.reliefs import Terms, less
from khue.payments.windows import months_in, window
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

    free       pay nothing, because of their reliefs or because they used nothing
    before     were billed for the same fee and days before: they are left out of it
    unwilling  are left out of a voluntary fee, for their family has not said yes
    """

    charges: list[Charge]
    children: int
    free: int
    before: int
    unwilling: int
    totals: tuple[tuple[FeeItem, int, int], ...]

    @property
    def total(self) -> int:
        return sum(charge.amount for charge in self.charges)


def draft_of(plan: Plan) -> Draft:
    """Who would be asked for what. A handful of queries and one for each kind of days, however many children."""
    known = _Known(plan)
    charges: list[Charge] = []
    unwilling: set[int] = set()
    for asked in plan.asked:
        quantities = known.quantities(asked)
        for child in known.stays:
            if not known.wants(asked.item, child):
                unwilling.add(child)
            elif quantities.get(child, 0) > 0 and (child, asked.item.name) not in known.billed:
                charges.append(known.charge(asked.item, child, quantities[child]))
    paying = [charge for charge in charges if charge.amount > 0]
    asked_for = {charge.child_id for charge in paying}
    seen_before = {child for child, _name in known.billed}
    return Draft(
        charges=paying,
        children=len(asked_for),
        free=len(known.stays.keys() - asked_for - seen_before - unwilling),
        before=len(seen_before),
        unwilling=len(unwilling),
        totals=tuple(_totals([asked.item for asked in plan.asked], paying)),
    )


class _Known:
    """What is known of the children of a plan: how long they stay, what they pay less, what they were billed for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        items = [asked.item for asked in plan.asked]
        periods = extensions.periods.filling(plan.span.organisation_id)
        self._windows = {item.base: window(item.base, plan.span, periods) for item in items}
        self.stays = extensions.groups.filling.stays(plan.span, plan.groups) if plan.groups else {}
        self._stays = {span: self._stays_in(span) for span in set(self._windows.values())}
        self.billed = _billed(plan.span.organisation_id, items, self._windows, self.stays)
        self._terms = _Granted(plan.span, items, self.stays)
        self._agreed = agreed_to([item.id for item in items if item.is_voluntary])

    def _stays_in(self, span: Span) -> Mapping[int, int]:
        if span == self._plan.span or span.first == date.min or not self._plan.by_days:
            return self.stays
        return extensions.groups.filling.stays(span, self._plan.groups)

    def wants(self, item: FeeItem, child: int) -> bool:
        """A voluntary fee is for those whose family said yes."""
        return not item.is_voluntary or (item.id, child) in self._agreed

    def quantities(self, asked: Asked) -> Mapping[int, int]:
        """Units by child: counted by a room above, or the same for all."""
        used = extensions.used.get(asked.item.base)
        if used:
            return used(self._plan.span, self.stays)
        of_months = asked.item.base == FeeItem.Base.MONTH
        return dict.fromkeys(self.stays, months_in(self._plan.span) if of_months else asked.quantity)

    def charge(self, item: FeeItem, child: int, quantity: int) -> Charge:
        """What is counted by the meal or day, or asked once, needs no share of days."""
        span = self._windows[item.base]
        is_shared = self._plan.by_days and item.base != FeeItem.Base.ONCE and item.base not in extensions.used
        stayed = self._stays[span].get(child, span.days) if is_shared else span.days
        terms = self._terms.of(item, child)
        off = less(price=item.amount, quantity=quantity, terms=terms, stayed=stayed, of_days=span.days)
        days = self._plan.span if item.base == FeeItem.Base.ONCE else span
        return Charge(child, item, quantity, off.amount, off.reason, days.first, days.last)


def _totals(items: Sequence[FeeItem], charges: Iterable[Charge]) -> Iterable[tuple[FeeItem, int, int]]:
    found = list(charges)
    for item in items:
        of_item = [charge.amount for charge in found if charge.item.id == item.id]
        yield item, len(of_item), sum(of_item)


def _billed(
    organisation_id: int, items: Sequence[FeeItem], windows: Mapping[str, Span], children: Collection[int]
) -> set[tuple[int, str]]:
    """(child, name of the fee) of what stands on an invoice for any of these days. A fee that follows has its name."""
    alike = Q(pk__in=())
    for item in items:
        span = windows[item.base]
        alike |= Q(item__name=item.name, first__lte=span.last, last__gte=span.first)
    rows = InvoiceLine.objects.filter(alike, organisation_id=organisation_id, invoice__cancelled_at=None)
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
