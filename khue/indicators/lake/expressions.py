"""The indicators as Ibis expressions: one text for DuckDB, Spark and PostgreSQL.

Every indicator of rows is a table of (code, province, school, numerator, denominator, unknown), a row a school that has
something to count. What a count means stands in catalogue.py; counting.py counts one school the same way from the rows
of the day, and a test holds the two together.
"""

from collections.abc import Mapping

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, Table

from khue.indicators.lake.answers import Span

Facts = Mapping[str, Table]
#: The whole country as a unit beside provinces, communes and schools.
COUNTRY = "VN"
KEYS = ("code", "province", "school")
SUMS = ("numerator", "denominator", "unknown")
LAST_OF_PRIMARY = 5


def counts_by_school(facts: Facts, span: Span) -> Table:
    """All indicators of all schools, and A3 of the country, as counts: what happened in the span, how things stood at
    its end.
    """
    people = facts["people"].filter(_.month == span.last)
    schools = facts["schools"].filter(_.month == span.last)
    parts = [
        means(people),
        learning_online(people, _within(facts["active_days"], span)),
        periods(_within(facts["lessons"], span)),
        identifiers(people),
        governed(schools),
        things(schools),
        workspaces(schools),
        covered(facts["outcomes"].filter(_.month == span.last)),
    ]
    return ibis.union(*parts)


def _within(table: Table, span: Span) -> Table:
    return table.filter((table.month >= span.first) & (table.month <= span.last))


def means(people: Table) -> Table:
    """A1: device, line and software, of those who have said something. Who has said nothing is unknown."""
    said = [people.has_device, people.has_connection, people.has_software]
    has_answered = said[0].notnull() | said[1].notnull() | said[2].notnull()
    has_all = ibis.coalesce(said[0] & said[1] & said[2], ibis.literal(False))
    marked = people.mutate(has_answered=has_answered, has_all=has_all)
    return _counted(marked, "A1", _.has_all, _.has_answered, ~_.has_answered)


def learning_online(people: Table, active_days: Table) -> Table:
    """A2: pupils with at least one day of learning online at their school, of all pupils."""
    active = active_days.select(active_school="school", active_person="person").distinct()
    pupils = people.filter(_.is_pupil).select("province", "school", "person")
    joined = pupils.left_join(active, [pupils.school == active.active_school, pupils.person == active.active_person])
    return _counted(joined, "A2", _.active_person.notnull())


def periods(lessons: Table) -> Table:
    """A5 and A6: lessons held online, of lessons held, in grades 1 to 5 and 6 to 12."""
    staged = lessons.mutate(code=ibis.ifelse(lessons.grade <= LAST_OF_PRIMARY, "A5", "A6"))
    return _shaped(staged.group_by(list(KEYS)).agg(**_sums(_.is_online, None, None)))


def identifiers(people: Table) -> Table:
    """B2: people with a number that is theirs alone, of all pupils and teachers."""
    return _counted(people, "B2", _.has_code)


def governed(schools: Table) -> Table:
    """B1: schools with classes and pupils of the year in the system."""
    return _counted(schools, "B1", _.has_pupils)


def workspaces(schools: Table) -> Table:
    """B6: schools that work in the digital workspace."""
    return _counted(schools, "B6", _.has_workspace)


def things(schools: Table) -> Table:
    """B3: things with a digital record, of things."""
    sums = {"numerator": _.recorded.sum(), "denominator": _.things.sum(), "unknown": ibis.literal(0)}
    return _shaped(schools.mutate(code=ibis.literal("B3")).group_by(list(KEYS)).agg(**sums))


def covered(outcomes: Table) -> Table:
    """A3: required outcomes that some shared resource teaches. Counted for the country: resources overlap."""
    nowhere = outcomes.mutate(code=ibis.literal("A3"), school=ibis.literal(0, "int64"))
    return _shaped(nowhere.group_by(list(KEYS)).agg(**_sums(_.is_covered, None, None)))


def _counted(
    table: Table,
    code: str,
    counts: BooleanValue,
    of: BooleanValue | None = None,
    unknown: BooleanValue | None = None,
) -> Table:
    """Rows for which it `counts`, of those `of`, by school."""
    return _shaped(table.mutate(code=ibis.literal(code)).group_by(list(KEYS)).agg(**_sums(counts, of, unknown)))


def _sums(
    counts: BooleanValue, of: BooleanValue | None, unknown: BooleanValue | None
) -> dict[str, ibis.expr.types.Value]:
    return {
        "numerator": counts.sum(),
        "denominator": _.count() if of is None else of.sum(),
        "unknown": ibis.literal(0) if unknown is None else unknown.sum(),
    }


def _shaped(counted: Table) -> Table:
    """The same columns and types from every engine."""
    sums = {name: counted[name].cast("int64") for name in SUMS}
    return counted.select(*KEYS, **sums)


def counts_by_unit(counts: Table, schools: Table, last: str) -> Table:
    """The counts of the country, its provinces, communes and schools: (level, unit, code, sums).

    counts   from counts_by_school, kept: it is read four times
    returns  unit is the code of a province or commune, the key of a school, or COUNTRY
    """
    places = schools.filter(_.month == last).select(place="school", commune="commune")
    placed = counts.left_join(places, counts.school == places.place)
    here = placed.filter((placed.school > 0) & placed.commune.notnull())
    return ibis.union(
        _level(counts.mutate(unit=ibis.literal(COUNTRY)), "country"),
        _level(counts.filter(_.school > 0).mutate(unit=_.province), "province"),
        _level(here.mutate(unit=here.commune), "commune"),
        _level(counts.filter(_.school > 0).mutate(unit=_.school.cast("string")), "school"),
    )


def _level(counts: Table, level: str) -> Table:
    summed = counts.group_by(["unit", "code"]).agg(**{name: counts[name].sum().cast("int64") for name in SUMS})
    return summed.select(ibis.literal(level).name("level"), "unit", "code", *SUMS)
