"""A school year as a page shows it: terms, weeks, special days; and the dates proposed for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from khue.foundation.text import fold
from khue.procedures import queries as procedures
from khue.schools import school_days, tet
from khue.schools.models import SchoolYear, SpecialDay, Term
from khue.schools.queries.calendar import terms_of
from khue.schools.school_days import Special, Stretch, Week

TEACHING_WEEKS = (18, 17)
SUNDAY = 7
A_YEAR = timedelta(days=364)  # 52 weeks: the same weekday


@dataclass(frozen=True, slots=True)
class SpecialStretch:
    """Special days that follow one another under one title."""

    first: date
    last: date
    kind: str
    taught_as: int | None
    title: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year's calendar. `weeks` in order; `counted` teaching weeks by term number."""

    school_year: SchoolYear
    terms: Sequence[Term]
    weeks: Sequence[Week]
    specials: Sequence[SpecialStretch]
    counted: dict[int, int]

    def week_of(self, day: date) -> Week | None:
        return next((week for week in self.weeks if week.starts_on <= day <= week.ends_on), None)


def calendar_of(school_year: SchoolYear) -> Calendar:
    """Terms, weeks and special days of a year. Two queries."""
    terms = terms_of(school_year)
    days = list(SpecialDay.objects.filter(school_year=school_year).order_by("day"))
    weeks = school_days.teaching_weeks(
        [Stretch(t.id, t.number, t.starts_on, t.ends_on) for t in terms],
        {row.day: Special(row.title, row.taught_as) for row in days},
    )
    counted = {t.number: sum(w.number is not None and w.term_id == t.id for w in weeks) for t in terms}
    return Calendar(school_year, terms, weeks, _stretches(days), counted)


def _stretches(days: Sequence[SpecialDay]) -> list[SpecialStretch]:
    found: list[SpecialStretch] = []
    for row in days:
        last = found[-1] if found else None
        follows = last is not None and (last.kind, last.title, last.last + timedelta(days=1)) == (
            row.kind,
            row.title,
            row.day,
        )
        if last is not None and follows and row.kind == SpecialDay.Kind.HOLIDAY:
            found[-1] = SpecialStretch(last.first, row.day, row.kind, None, row.title)
        else:
            found.append(SpecialStretch(row.day, row.day, row.kind, row.taught_as, row.title))
    return found


@dataclass(frozen=True, slots=True)
class ProposedTerm:
    """Dates to begin with when a year is opened, both ends included."""

    starts_on: date
    ends_on: date
    teaching_weeks: int


def proposed_terms(organisation_id: int, today: date) -> list[ProposedTerm]:
    """The terms of the school's latest year 52 weeks later; where there is none, from the first Monday after 5/9.

    source  domain §2.4: 18 and 17 teaching weeks, opening on 5 September
    """
    latest = SchoolYear.objects.filter(organisation_id=organisation_id).order_by("-starts_on").first()
    if latest is not None:
        return [
            ProposedTerm(term.starts_on + A_YEAR, term.ends_on + A_YEAR, term.teaching_weeks)
            for term in terms_of(latest)
        ]
    opening = date(today.year if today.month > 2 else today.year - 1, 9, 5)
    first = opening + timedelta(days=(7 - opening.weekday()) % 7)
    second = first + timedelta(weeks=TEACHING_WEEKS[0])
    # Term 2 holds 17 teaching weeks and the two weeks of Tết.
    end = second + timedelta(weeks=TEACHING_WEEKS[1] + 2)
    day = timedelta(days=1)
    return [
        ProposedTerm(first, second - day, TEACHING_WEEKS[0]),
        ProposedTerm(second, end - day, TEACHING_WEEKS[1]),
    ]


@dataclass(frozen=True, slots=True)
class ProposedHoliday:
    """Days without school to begin with, both ends included.

    is_public  of the State; is_by_moon: reckoned from the moon's calendar; else as in the year before
    """

    first: date
    last: date
    title: str
    is_public: bool
    is_by_moon: bool = False


def proposed_holidays(school_year: SchoolYear, on: date) -> list[ProposedHoliday]:
    """What a calendar may still hold: public holidays, then the school's own of the year before. Four queries.

    on  what is over by then is not offered: lessons were given on those days
    Days that the calendar says something about already are left out, and so is what falls on a Sunday. Holidays of the
    moon's calendar (Tết, Giỗ Tổ) are public days once the Government has fixed them; until then the dates of the year
    before stand here to be changed. Where there is no year before, two weeks around the first day of Tết.
    source  Bộ luật Lao động 2019, Điều 112, and the yearly decisions, as procedures keep them
    """
    first, last = max(school_year.starts_on, on), school_year.ends_on
    taken = set(SpecialDay.objects.filter(school_year=school_year).values_list("day", flat=True))
    days = [row for year in range(first.year, last.year + 1) for row in procedures.public_days(year)]
    public = [row for row in days if not row.is_worked and first <= row.day <= last]
    found = _joined([(row.day, row.title) for row in public if row.day not in taken], is_public=True)
    before = SpecialDay.objects.filter(
        organisation_id=school_year.organisation_id, kind=SpecialDay.Kind.HOLIDAY,
        day__gte=first - A_YEAR, day__lte=last - A_YEAR, school_year__starts_on__lt=school_year.starts_on,
    ).order_by("day")  # fmt: skip
    known = taken | {row.day for row in public}
    moved = [(_a_year_on(row.day), row.title) for row in before]
    own = _joined([(day, title) for day, title in moved if first <= day <= last and day not in known], is_public=False)
    return [*found, *own, *_tet(school_year, first, last, [*found, *own])]


def _tet(school_year: SchoolYear, first: date, last: date, beside: Sequence[ProposedHoliday]) -> list[ProposedHoliday]:
    """None where the calendar or another proposal rests on one of these days already, or names Tết on others."""
    written = list(SpecialDay.objects.filter(school_year=school_year).values_list("day", "day", "title"))
    written += [(one.first, one.last, one.title) for one in beside]
    rests = [tet.school_rest(year) for year in range(first.year, last.year + 1)]
    return [
        ProposedHoliday(*rest, _("Nghỉ Tết Nguyên đán"), is_public=False, is_by_moon=True)
        for rest in rests
        if rest is not None and first <= rest[0] and rest[1] <= last
        and not any((begins <= rest[1] and ends >= rest[0]) or _is_tet(title) for begins, ends, title in written)
    ]  # fmt: skip


def _is_tet(title: str) -> bool:
    """Of the moon's year: "Nghỉ Tết Đinh Mùi", and not Tết Dương lịch."""
    folded = fold(title)
    return "tet" in folded.split() and "tet duong" not in folded and "tet tay" not in folded


def _a_year_on(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _joined(days: Sequence[tuple[date, str]], *, is_public: bool) -> list[ProposedHoliday]:
    found: list[ProposedHoliday] = []
    for day, title in days:
        if found and (found[-1].title, found[-1].last + timedelta(days=1)) == (title, day):
            found[-1] = ProposedHoliday(found[-1].first, day, title, is_public)
        elif day.isoweekday() < SUNDAY:
            found.append(ProposedHoliday(day, day, title, is_public))
    return found
