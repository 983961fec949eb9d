"""The open schools below an office, as its lists of reports and of assessments go through them."""

from django.db.models import Count, QuerySet

from khue.foundation import lists
from khue.foundation.compiled import compiled
from khue.registry.models import Organisation


def open_schools_below(office: Organisation) -> QuerySet[Organisation]:
    """By name, without diacritics. One query; page it before use.

    office  the body they stand under, whoever manages them in between
    """
    return _open_schools(office.lineage)


def first_open_schools_below(office: Organisation) -> list[Organisation]:
    """The first of them, one more than a page has. One query."""
    return _first(office.lineage)


def open_offices_under(office: Organisation) -> QuerySet[Organisation]:
    """The offices directly under one, by name, without diacritics. One query; page it before use."""
    return _open_offices(office.id)


def count_open_offices_under(office: Organisation) -> int:
    """How many there are. One query."""
    return sum(count for _kind, count in _count_offices(office.id))


def _open_offices(office_id: int) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(parent_id=office_id, valid_to=None)
    kinds = (Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS)
    return rows.exclude(kind__in=kinds).order_by("folded_name", "id")


@compiled
def _count_offices(office_id: int) -> QuerySet[Organisation, tuple[str, int]]:
    return _open_offices(office_id).order_by().values_list("kind").annotate(count=Count("id"))


def _open_schools(lineage: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(lineage__startswith=lineage, kind=Organisation.Kind.SCHOOL, valid_to=None)
    return rows.order_by("folded_name", "id")


@compiled
def _first(lineage: str) -> QuerySet[Organisation]:
    return _open_schools(lineage)[: lists.PAGE_SIZE + 1]
