"""How marks, study and conduct spread: by class and grade, always in counts and never by name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from django.db.models import Count, Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.gradebook import labels
from khue.gradebook.models import Mark, MarkBook, MarkColumn, PrimaryYear, PupilYear, TermResult
from khue.gradebook.queries.books import visible_books
from khue.gradebook.queries.years import day_of, is_primary
from khue.gradebook.spread import Spread, of_groups, of_scores
from khue.schools.models import SchoolClass
from khue.schools.queries import by_number

#: tenths, passed, how many
_Counted = tuple[int | None, bool | None, int]


def column_spread(book: MarkBook, column: MarkColumn) -> Spread:
    """One column of a book from `book_of`. One query."""
    rows = Mark.objects.filter(school_year=book.school_year, column=column, is_exempt=False)
    counted = rows.order_by().values_list("tenths", "passed").annotate(number=Count("enrolment_id"))
    return _spread(book, list(counted))


def mean_spreads(actor: Actor, book: MarkBook) -> list[Spread]:
    """Term results in a book, and beside it in all the books of its subject and grade that the actor may open.

    Two queries, however many classes.
    """
    books = _beside(actor, book)
    found: dict[int, list[_Counted]] = defaultdict(list)
    rows = TermResult.objects.filter(book_id__in=[one.id for one in books]).order_by()
    for of, mean, passed, number in rows.values_list("book_id", "mean_tenths", "passed").annotate(number=Count("id")):
        found[of].append((mean, passed, number))
    return [_spread(one, found[one.id]) for one in books]


def kind_spreads(actor: Actor, book: MarkBook, kind: str) -> list[Spread]:
    """As `mean_spreads`, of the mid-term or the end-term mark. Two queries."""
    books = _beside(actor, book)
    found: dict[int, list[_Counted]] = defaultdict(list)
    rows = Mark.objects.filter(
        school_year=book.school_year, column__book_id__in=[one.id for one in books], column__kind=kind, is_exempt=False
    ).order_by()
    counted = rows.values_list("column__book_id", "tenths", "passed").annotate(number=Count("enrolment_id"))
    for of, tenths, passed, number in counted:
        found[of].append((tenths, passed, number))
    return [_spread(one, found[one.id]) for one in books]


def _beside(actor: Actor, book: MarkBook) -> list[MarkBook]:
    """The book itself first, then those of its subject and grade in the same term by class."""
    of = book.class_subject
    rows = _of_subject_and_grade(actor, book.term_id, of.subject_id, of.school_class.grade, clock.today())
    others = [one for one in rows if one.id != book.id]
    return [book, *sorted(others, key=lambda one: by_number(one.class_subject.school_class.name))]


@compiled
def _of_subject_and_grade(actor: Actor, term_id: int, subject_id: int, grade: int, on: date) -> QuerySet[MarkBook]:
    rows = visible_books(actor, on).filter(term_id=term_id, class_subject__subject_id=subject_id)
    return rows.filter(class_subject__school_class__grade=grade)[:60]


def _spread(book: MarkBook, counted: Sequence[_Counted]) -> Spread:
    name = book.class_subject.school_class.name
    if book.is_scored:
        return of_scores(name, {tenths: number for tenths, _, number in counted if tenths is not None})
    numbers = {passed: number for _, passed, number in counted if passed is not None}
    return of_groups(name, [(labels.level(1), numbers.get(True, 0)), (labels.level(0), numbers.get(False, 0))])


def level_spreads(
    classes: Sequence[SchoolClass], period: int
) -> list[tuple[int, tuple[Spread, Spread], list[tuple[Spread, Spread]]]]:
    """Study and conduct by grade: (grade, (study, conduct) of the grade, the same of each class). One query.

    classes  from `result_classes`; a primary class has one level of the year, and nothing for conduct
    period   1, 2, or 0 for the year
    """
    secondary = [one.id for one in classes if not is_primary(one)]
    study, conduct = _counted(secondary, period, day_of(classes[0]))
    primary = {} if period else _primary([one.id for one in classes if is_primary(one)])
    by_grade: dict[int, list[SchoolClass]] = defaultdict(list)
    for one in classes:
        by_grade[one.grade].append(one)
    made = []
    for grade, of_grade in sorted(by_grade.items()):
        each = [
            (
                _year_levels(one.name, primary.get(one.id, {}))
                if is_primary(one)
                else _levels(one.name, study.get(one.id, {})),
                _levels(one.name, conduct.get(one.id, {})),
            )
            for one in of_grade
        ]
        if is_primary(of_grade[0]):
            whole = _year_levels("", _together([primary.get(one.id, {}) for one in of_grade]))
        else:
            whole = _levels("", _together([study.get(one.id, {}) for one in of_grade]))
        made.append((grade, (whole, _levels("", _together([conduct.get(one.id, {}) for one in of_grade]))), each))
    return made


def _together(counts: Sequence[Mapping[int, int]]) -> dict[int, int]:
    return {level: sum(one.get(level, 0) for one in counts) for level in range(4)}


def _levels(name: str, counted: Mapping[int, int]) -> Spread:
    return of_groups(name, [(labels.level(level), counted.get(level, 0)) for level in (3, 2, 1, 0)])


def _year_levels(name: str, counted: Mapping[int, int]) -> Spread:
    return of_groups(name, [(labels.year_level(level), counted.get(level, 0)) for level in (3, 2, 1, 0)])


#: Of a period, the columns with study and conduct.
_REACHED = {1: ("study_term_1", "conduct_term_1"), 2: ("study_term_2", "conduct_term_2"), 0: ("study", "conduct")}
_Levels = dict[int, dict[int, int]]


def _counted(class_ids: Sequence[int], period: int, day: date) -> tuple[_Levels, _Levels]:
    """By class: how many pupils who are in it on that day have reached each level of study, and of conduct."""
    study: _Levels = defaultdict(lambda: defaultdict(int))
    conduct: _Levels = defaultdict(lambda: defaultdict(int))
    for of, level, behaviour, number in _reached(period)(class_ids, day) if class_ids else ():
        if level is not None:
            study[of][level] += number
        if behaviour is not None:
            conduct[of][behaviour] += number
    return study, conduct


@cache
def _reached(period: int) -> Callable[[Sequence[int], date], list[tuple[int, int | None, int | None, int]]]:
    """The query of a period, put into SQL once."""

    @compiled
    def rows(class_ids: Sequence[int], day: date) -> QuerySet[PupilYear, tuple[int, int | None, int | None, int]]:
        known = PupilYear.objects.filter(enrolment__school_class_id__in=class_ids)
        here = known.filter(Q(enrolment__ends_on=None) | Q(enrolment__ends_on__gt=day)).order_by()
        return here.values_list("enrolment__school_class_id", *_REACHED[period]).annotate(number=Count("id"))

    return rows


def _primary(class_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    if not class_ids:
        return {}
    rows = PrimaryYear.objects.filter(enrolment__school_class_id__in=class_ids, enrolment__ends_on=None)
    known = rows.exclude(level=None).order_by()
    return _by_class(known.values_list("enrolment__school_class_id", "level").annotate(number=Count("id")))


def _by_class(rows: Iterable[tuple[int, int | None, int]]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for of, level, number in rows:
        if level is not None:
            found[of][level] = number
    return found
