"""The school's calendar: years, terms, weeks, holidays and make-up days."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import F, OuterRef, QuerySet, SmallIntegerField, TextField, Value

from khue.foundation.compiled import compiled
from khue.schools import school_days
from khue.schools.models import SchoolYear, SpecialDay, Term
from khue.schools.school_days import SchoolDay, Special, Stretch, Week


def school_year_on(organisation_id: int, on: date) -> SchoolYear | None:
    """The school year that day falls into; in the summer the one that ended last; None before the first."""
    found = _begun_years(organisation_id, on)
    return found[0] if found else None


@compiled
def _begun_years(organisation_id: int, on: date) -> QuerySet[SchoolYear]:
    return SchoolYear.objects.filter(organisation_id=organisation_id, starts_on__lte=on).order_by("-starts_on")[:1]


def year_to_plan(organisation_id: int, on: date) -> SchoolYear | None:
    """The year that is planned on that day: the one under way, in the summer the next if it was opened already."""
    found = _unfinished_years(organisation_id, on)
    return found[0] if found else school_year_on(organisation_id, on)


@compiled
def _unfinished_years(organisation_id: int, on: date) -> QuerySet[SchoolYear]:
    return SchoolYear.objects.filter(organisation_id=organisation_id, ends_on__gte=on).order_by("starts_on")[:1]


def year_after(school_year: SchoolYear) -> SchoolYear | None:
    """The school's next year, if it was opened."""
    rows = SchoolYear.objects.filter(organisation_id=school_year.organisation_id, starts_on__gt=school_year.ends_on)
    return rows.order_by("starts_on").first()


def terms_to_plan(organisation_id: int, on: date) -> list[Term]:
    """The terms of all opened years that are not over, with their years; where all are over, those of the last."""
    terms = Term.objects.filter(organisation_id=organisation_id).select_related("school_year").order_by("starts_on")
    last = school_year_on(organisation_id, on)
    return list(terms.filter(ends_on__gte=on)) or (terms_of(last) if last else [])


def current_term(organisation_id: int, on: date) -> Term | None:
    """The term that day falls into; in a break the one that ended last; None before the first. With year and school."""
    found = _begun_terms(organisation_id, on)
    return found[0] if found else None


@compiled
def _begun_terms(organisation_id: int, on: date) -> QuerySet[Term]:
    rows = Term.objects.filter(organisation_id=organisation_id, starts_on__lte=on)
    return rows.select_related("school_year", "organisation").order_by("-starts_on")[:1]


def term_that_began(organisation: OuterRef, on: date) -> QuerySet[Term, tuple[int]]:
    """The id of that term, for a query of a higher room whose rows are of organisations. No query by itself."""
    return (
        Term.objects.filter(organisation_id=organisation, starts_on__lte=on)
        .order_by("-starts_on")
        .values_list("id")[:1]
    )


def current_terms(organisation_ids: Sequence[int], on: date) -> list[Term]:
    """What current_term is at each of these places, where there is one, without the year. One query."""
    return _begun_at_each(list(organisation_ids), on)


@compiled
def _begun_at_each(organisation_ids: Sequence[int], on: date) -> QuerySet[Term]:
    rows = Term.objects.filter(organisation_id__in=organisation_ids, starts_on__lte=on)
    return rows.order_by("organisation_id", "-starts_on").distinct("organisation_id")


def terms_of(school_year: SchoolYear) -> list[Term]:
    """The terms of the year in order."""
    return _terms(school_year.id)


@compiled
def _terms(school_year_id: int) -> QuerySet[Term]:
    return Term.objects.filter(school_year_id=school_year_id).select_related("school_year").order_by("number")


def teaching_weeks(school_year: SchoolYear) -> list[Week]:
    """Every week of the year's terms in order, numbered over the whole year. Two queries."""
    terms = [Stretch(t.id, t.number, t.starts_on, t.ends_on) for t in terms_of(school_year)]
    special = {day: Special(title, taught_as) for day, title, taught_as in _specials_of_year(school_year.id)}
    return school_days.teaching_weeks(terms, special)


@compiled
def _specials_of_year(school_year_id: int) -> QuerySet[SpecialDay, tuple[date, str, int | None]]:
    return SpecialDay.objects.filter(school_year_id=school_year_id).values_list("day", "title", "taught_as")


def school_day(organisation_id: int, day: date) -> SchoolDay:
    """What that day is to the school: which weekday is taught, or which holiday it is. One query."""
    return school_days_between(organisation_id, day, day)[0]


def school_days_between(organisation_id: int, first: date, last: date) -> list[SchoolDay]:
    """What each day from one to another is to the school, both included. One query, however long."""
    return school_days_at_each([organisation_id], first, last)[organisation_id]


def school_days_at_each(places: Collection[int], first: date, last: date) -> dict[int, list[SchoolDay]]:
    """The same at each of these schools, by school. One query, however many."""
    terms: dict[int, list[Stretch]] = {place: [] for place in places}
    specials: dict[int, dict[date, Special]] = {place: {} for place in places}
    for place, title, taught_as, key, number, begins, ends in _calendars_between(list(terms), first, last):
        if title is None:
            terms[place].append(Stretch(key, number, begins, ends))
        else:
            specials[place][begins] = Special(title, taught_as)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {place: [school_days.school_day(day, terms[place], specials[place]) for day in days] for place in terms}


#: school, then title, weekday, id, 0, day, day of a special day; None, None, id, number, first and last day of a term
_CalendarRow = tuple[int, str | None, int | None, int, int, date, date]


@compiled
def _calendars_between(places: Sequence[int], first: date, last: date) -> QuerySet[SpecialDay, _CalendarRow]:
    no_title, no_weekday = Value(None, TextField()), Value(None, SmallIntegerField())
    terms = Term.objects.filter(organisation_id__in=places, starts_on__lte=last, ends_on__gte=first)
    specials = SpecialDay.objects.filter(organisation_id__in=places, day__gte=first, day__lte=last)
    return specials.values_list("organisation_id", "title", "taught_as", "id", Value(0), "day", F("day")).union(
        terms.values_list("organisation_id", no_title, no_weekday, "id", "number", "starts_on", "ends_on"), all=True
    )


def is_school_day(organisation_id: int, day: date) -> bool:
    """Whether there is school that day. One query."""
    return school_day(organisation_id, day).is_school_day
