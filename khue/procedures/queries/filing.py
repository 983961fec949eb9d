"""What somebody who files must choose and fill in, and what the platform already knows."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import SYSTEM
from khue.foundation.compiled import compiled
from khue.foundation.text import fold
from khue.procedures import extensions, sheets
from khue.procedures.models import Case, Definition
from khue.procedures.queries.cases import Filled
from khue.procedures.queries.knowledge import known_of
from khue.procedures.sheets import Field
from khue.procedures.step_map import StepMap
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person

MOST_OFFICES = 50


def questions_of(definition: Definition) -> Sequence[Field]:
    """Everything a version asks at filing of somebody the platform does not know."""
    return sheets.read(definition.sheet).filing.fields


def asked_at_filing(definition: Definition, subject: Person | None) -> tuple[Sequence[Field], Sequence[Filled]]:
    """What is asked about this subject, and what is known and only stated (domain §5.1: once-only)."""
    fields = questions_of(definition)
    known = known_of(subject) if any(field.known_as for field in fields) else {}
    asked = [field for field in fields if not known.get(field.known_as)]
    return asked, [Filled(field.title, known[field.known_as]) for field in fields if known.get(field.known_as)]


def partner_wanted(definition: Definition) -> str:
    """The kind of second organisation that takes part; "" for none."""
    return sheets.read(definition.sheet).partner


def partner_of(subject: Person) -> Organisation | None:
    """The organisation the subject belongs to and would leave, if the platform knows."""
    found = extensions.organisation_left.filling(subject.id)
    return registry.organisation_with(found) if found is not None else None


@compiled
def cases_filed_with(organisation_id: int, key: UUID) -> QuerySet[Case]:
    """The case that an office received under this key, with the office: one or none. One query, by the key's index."""
    rows = Case.objects.filter(organisation_id=organisation_id, key=key).select_related("organisation", "definition")
    return rows.defer("definition__bpmn", "definition__sheet", "definition__steps")


def offices(kind: str, text: str, beside: Organisation | None = None) -> list[Organisation]:
    """Open organisations of a kind by name: which offices exist is public. One query, fifty at most.

    beside  the other organisation of a case: of schools, those that teach none of its levels are left out
    """
    rows = registry.visible_organisations(SYSTEM).filter(kind=kind, valid_to=None).select_related("territory__parent")
    levels = [code for code in beside.level_groups.split(",") if code] if beside is not None else []
    if levels:
        rows = rows.filter(reduce(or_, (Q(level_groups__contains=code) for code in levels), Q(level_groups="")))
    for word in fold(text).split():
        rows = rows.filter(folded_name__contains=word)
    return list(rows.order_by("folded_name", "id")[:MOST_OFFICES])


def tasks_of(definition: Definition) -> list[tuple[str, str, str, Sequence[Field]]]:
    """(id, name, role, fields) of each task of a version, in the order in which cases come to them."""
    sheet = sheets.read(definition.sheet)
    found: list[tuple[str, str, str, Sequence[Field]]] = []
    names: dict[str, str] = definition.steps["names"]  # in no order: the database sorts them
    for key in StepMap(definition.steps).tasks():
        task = sheet.tasks.get(key)
        found.append((key, names[key], task.role if task else "", task.form.fields if task else ()))
    return found
