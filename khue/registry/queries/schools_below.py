"""The open schools below an office, as its lists of reports and of assessments go through them."""

from django.db.models import Count, QuerySet

from khue.foundation import lists
from khue.foundation.compiled import compiled
from khue.registry.models import Organisation


def open_schools_below(office: Organisation) -> QuerySet[Organisation]:
    """By name, without diacritics. One query; page it before use.

    office  the body they stand under, whoever manages them in between
    """
    return open_schools_in(office.lineage)


def open_schools_in(lineage: str) -> QuerySet[Organisation]:
    """The same by the lineage of the body, for a query that is kept (compiled.py). One query; page it before use."""
    rows = Organisation.objects.filter(lineage__startswith=lineage, kind=Organisation.Kind.SCHOOL, valid_to=None)
    return rows.order_by("folded_name", "id")


def first_open_schools_below(office: Organisation) -> list[Organisation]:
    """The first of them, one more than a page has. One query."""
    return _first(office.lineage)


def open_offices_under(office: Organisation) -> QuerySet[Organisation]:
    """The offices directly under one, by name, without diacritics. One query; page it before use."""
    return open_offices_with(office.id)


def open_offices_with(office_id: int) -> QuerySet[Organisation]:
    """The same by the id of the body, for a query that is kept. One query; page it before use."""
    rows = Organisation.objects.filter(parent_id=office_id, valid_to=None)
    kinds = (Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS)
    return rows.exclude(kind__in=kinds).order_by("folded_name", "id")


def count_open_offices_under(office: Organisation) -> int:
    """How many there are. One query."""
    return sum(count for _kind, count in _count_offices(office.id))


@compiled
def _count_offices(office_id: int) -> QuerySet[Organisation, tuple[str, int]]:
    return open_offices_with(office_id).order_by().values_list("kind").annotate(count=Count("id"))


@compiled
def _first(lineage: str) -> QuerySet[Organisation]:
    return open_schools_in(lineage)[: lists.PAGE_SIZE + 1]
