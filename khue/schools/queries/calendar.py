"""The school's calendar: years, terms, weeks, holidays and make-up days."""

from datetime import date, timedelta

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.schools import school_days
from khue.schools.models import SchoolYear, SpecialDay, Term
from khue.schools.school_days import SchoolDay, Special, Stretch, Week


def school_year_on(organisation_id: int, on: date) -> SchoolYear | None:
    """The school year that day falls into; in the summer the one that ended last; None before the first."""
    rows = SchoolYear.objects.filter(organisation_id=organisation_id, starts_on__lte=on)
    return rows.order_by("-starts_on").first()


def current_term(organisation_id: int, on: date) -> Term | None:
    """The term that day falls into; in a break the one that ended last; None before the first. With its year."""
    found = _begun_terms(organisation_id, on)
    return found[0] if found else None


@compiled
def _begun_terms(organisation_id: int, on: date) -> QuerySet[Term]:
    rows = Term.objects.filter(organisation_id=organisation_id, starts_on__lte=on)
    return rows.select_related("school_year").order_by("-starts_on")[:1]


def terms_of(school_year: SchoolYear) -> list[Term]:
    """The terms of the year in order."""
    return list(Term.objects.filter(school_year=school_year).order_by("number"))


def teaching_weeks(school_year: SchoolYear) -> list[Week]:
    """Every week of the year's terms in order, numbered over the whole year. Two queries."""
    terms = [Stretch(t.id, t.number, t.starts_on, t.ends_on) for t in terms_of(school_year)]
    special = {
        day: Special(title, taught_as)
        for day, title, taught_as in SpecialDay.objects.filter(school_year=school_year).values_list(
            "day", "title", "taught_as"
        )
    }
    return school_days.teaching_weeks(terms, special)


def school_day(organisation_id: int, day: date) -> SchoolDay:
    """What that day is to the school: which weekday is taught, or which holiday it is. Two queries."""
    special = _special_days(organisation_id, day)
    return school_days.school_day(
        day,
        [Stretch(*term) for term in _terms_on(organisation_id, day)],
        {day: Special(*special[0])} if special else {},
    )


@compiled
def _terms_on(organisation_id: int, day: date) -> QuerySet[Term, tuple[int, int, date, date]]:
    rows = Term.objects.filter(organisation_id=organisation_id, starts_on__lte=day, ends_on__gte=day)
    return rows.values_list("id", "number", "starts_on", "ends_on")


@compiled
def _special_days(organisation_id: int, day: date) -> QuerySet[SpecialDay, tuple[str, int | None]]:
    rows = SpecialDay.objects.filter(organisation_id=organisation_id, day=day)
    return rows.order_by("id").values_list("title", "taught_as")[:1]


def school_days_between(organisation_id: int, first: date, last: date) -> list[SchoolDay]:
    """What each day from one to another is to the school, both included. Two queries, however long."""
    terms = Term.objects.filter(organisation_id=organisation_id, starts_on__lte=last, ends_on__gte=first)
    stretches = [Stretch(t.id, t.number, t.starts_on, t.ends_on) for t in terms]
    specials = {
        row.day: Special(row.title, row.taught_as)
        for row in SpecialDay.objects.filter(organisation_id=organisation_id, day__gte=first, day__lte=last)
    }
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [school_days.school_day(day, stretches, specials) for day in days]


def is_school_day(organisation_id: int, day: date) -> bool:
    """Whether there is school that day. Two queries."""
    return school_day(organisation_id, day).is_school_day
