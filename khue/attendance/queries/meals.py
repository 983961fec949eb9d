"""What children used of fees by meal and day: what payments asks of whoever knows who was there."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from khue.attendance.absent_sessions import HalfDay
from khue.attendance.meals import Announced, MealRule, days_of, meals_of
from khue.attendance.models import LeaveRequest, MealRules
from khue.attendance.queries.sessions import lessons_held_by_half, lessons_missed_by_half
from khue.payments.extensions import Span
from khue.schools import queries as schools


def meals_used(span: Span, children: Collection[int]) -> dict[int, int]:
    """Meals that are paid for, by child; who has none is left out. Five queries, however many children."""
    rules = [
        MealRule(rule.valid_from, rule.session, rule.weekdays, rule.cut_off)
        for rule in meal_rules(span.organisation_id)
    ]
    announced = _announced(span, children)
    counted = {
        child: meals_of(halves, announced.get(child, ()), rules) for child, halves in _half_days(span, children).items()
    }
    return {child: count for child, count in counted.items() if count}


def days_used(span: Span, children: Collection[int]) -> dict[int, int]:
    """Days on which each child was there; who never was is left out. Three queries, however many children."""
    counted = {child: days_of(halves) for child, halves in _half_days(span, children).items()}
    return {child: count for child, count in counted.items() if count}


def meal_rules(organisation_id: int) -> list[MealRules]:
    """What the school decided about meals, the latest first. One query."""
    return list(MealRules.objects.filter(organisation_id=organisation_id).order_by("-valid_from"))


def _half_days(span: Span, children: Collection[int]) -> Mapping[int, list[HalfDay]]:
    """The half-days of each child's classes whose roll was taken while it was in them."""
    stays = schools.class_stays(span.organisation_id, children, span.first, span.last)
    held: dict[int, list[tuple[date, str, int]]] = defaultdict(list)
    for school_class, day, session, count in lessons_held_by_half(
        sorted({stay.class_id for stay in stays}), span.first, span.last
    ):
        held[school_class].append((day, session, count))
    missed = {
        (child, school_class, day, session): (lessons, electives)
        for _school, child, school_class, day, session, lessons, electives in lessons_missed_by_half(
            sorted(children), span.first, span.last
        )
    }
    found: dict[int, list[HalfDay]] = defaultdict(list)
    for stay in stays:
        for day, session, count in held[stay.class_id]:
            if stay.first <= day <= stay.last:
                away, electives = missed.get((stay.person_id, stay.class_id, day, session), (0, 0))
                found[stay.person_id].append(HalfDay(day, session, count + electives, away))
    return found


def _announced(span: Span, children: Collection[int]) -> Mapping[int, list[Announced]]:
    rows = LeaveRequest.objects.filter(
        organisation_id=span.organisation_id, enrolment__person_id__in=children, state="approved",
        first_day__lte=span.last, last_day__gte=span.first,
    )  # fmt: skip
    found: dict[int, list[Announced]] = defaultdict(list)
    for child, first, last, session, at in rows.values_list(
        "enrolment__person_id", "first_day", "last_day", "session", "asked_at"
    ):
        found[child].append(Announced(first, last, session, at))
    return found
