"""Procedures and their versions, as anybody may read them and as their office draws them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import first, one
from khue.foundation.text import fold
from khue.procedures.access import Permission
from khue.procedures.models import Definition, Procedure
from khue.registry import queries as registry
from khue.registry.models import Organisation


def open_procedures(on: date, text: str = "") -> list[Procedure]:
    """Procedures that anybody may file on that day, by title. One query."""
    found = _open_on(on)
    words = fold(text).split()
    return [row for row in found if all(word in fold(f"{row.title} {row.summary} {row.code}") for word in words)]


@compiled
def _open_on(on: date) -> QuerySet[Procedure]:
    rows = Procedure.objects.filter(Exists(_in_force(on).filter(procedure=OuterRef("id"))), is_open=True)
    return rows.select_related("organisation").order_by("title", "id")[:300]


def open_definition(procedure_id: UUID, on: date) -> Definition:
    """The version of an open procedure that is in force on that day, with its procedure. Raises NotFound."""
    return first(_open_version(procedure_id, on))


@compiled
def _open_version(procedure_id: UUID, on: date) -> QuerySet[Definition]:
    rows = _in_force(on).filter(procedure__public_id=procedure_id, procedure__is_open=True)
    return rows.select_related("procedure__organisation").order_by("-valid_from", "-version")[:1]


def procedure_of(key: str) -> Procedure:
    """The open procedure of the law with this key. Raises NotFound. One query."""
    return first(_of_the_law(key))


@compiled
def _of_the_law(key: str) -> QuerySet[Procedure]:
    return Procedure.objects.filter(key=key, organisation=None, is_open=True)


def shipped_definition(key: str, on: date) -> Definition:
    """The version in force of a procedure that came with the program, open to the public or not. Raises NotFound."""
    rows = _in_force(on).filter(procedure__key=key, procedure__organisation=None)
    found = rows.select_related("procedure").order_by("-valid_from", "-version").first()
    if found is None:
        raise NotFound
    return found


def offers(definition: Definition, organisation: Organisation, on: date) -> bool:
    """Whether an office receives this version's cases on that day."""
    begun = definition.published_at is not None and definition.valid_from <= on
    ended = definition.valid_to is not None and definition.valid_to < on
    own = definition.organisation_id in (None, organisation.id)
    return begun and not ended and own and organisation.kind == definition.procedure.office


def is_far(one_office: Organisation, other: Organisation) -> bool:
    """Whether two offices lie under different departments: in different provinces."""
    departments = [_department(each) for each in (one_office, other)]
    return None not in departments and departments[0] != departments[1]


def _department(office: Organisation) -> int | None:
    above = registry.organisation_card(office).ancestors
    return next((each.id for each in above if each.kind == Organisation.Kind.DEPARTMENT), None)


def _in_force(on: date) -> QuerySet[Definition]:
    lasting = Q(valid_to=None) | Q(valid_to__gte=on)
    return Definition.objects.filter(lasting, published_at__isnull=False, valid_from__lte=on)


def drawn_procedures(actor: Actor) -> list[Procedure]:
    """Procedures the actor may draw new versions of: those of its own offices. One query."""
    places = actor.organisations(Permission.DEFINITION_WRITE)
    rows = Procedure.objects.filter(organisation__isnull=False).select_related("organisation")
    if places is not None:
        rows = rows.filter(organisation_id__in=sorted(places))
    return list(rows.order_by("title", "id")[:300])


def shipped_procedures() -> list[Procedure]:
    """Procedures that came with the program, open or not, by title."""
    return list(Procedure.objects.filter(organisation=None).order_by("title", "id"))


def drawn_procedure(actor: Actor, public_id: UUID) -> Procedure:
    """A procedure of the actor's own office. Raises NotFound."""
    places = actor.organisations(Permission.DEFINITION_WRITE)
    rows = Procedure.objects.filter(organisation__isnull=False).select_related("organisation")
    return one(rows if places is None else rows.filter(organisation_id__in=sorted(places)), public_id=public_id)


def versions_of(procedure: Procedure) -> Sequence[Definition]:
    """All versions, the newest first."""
    return list(Definition.objects.filter(procedure=procedure).select_related("procedure").order_by("-version"))


def definition_of(actor: Actor, public_id: UUID) -> Definition:
    """A version of the actor's own office, or one that was published anywhere. Raises NotFound."""
    places = actor.organisations(Permission.DEFINITION_WRITE)
    seen = Q() if places is None else Q(published_at__isnull=False) | Q(organisation_id__in=sorted(places))
    return one(Definition.objects.filter(seen).select_related("procedure__organisation"), public_id=public_id)
