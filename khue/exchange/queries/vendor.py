"""Files of other programs that were compared here, and our own rows to compare them with."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.exchange.access import Permission
from khue.exchange.declarable import declarable
from khue.exchange.envelope import Payload, projected
from khue.exchange.models import HeadingMeaning, SheetLine, VendorSheet
from khue.exchange.queries.facts import facts_of_kinds
from khue.exchange.queries.files import seen_fields
from khue.exchange.queries.known import known_facts
from khue.exchange.queries.quality import readable_schools
from khue.exchange.vendor.columns import SETS, FieldSet
from khue.exchange.vendor.comparing import OwnRow
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.registry.models import Organisation


def visible_sheets(actor: Actor) -> QuerySet[VendorSheet]:
    """Files that were brought where the actor reads records, the latest first. One query; page it."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = VendorSheet.objects.select_related("file", "organisation").order_by("-id")
    return rows if places is None else rows.filter(organisation_id__in=places)


def sheet_of(actor: Actor, public_id: UUID) -> VendorSheet:
    """Raises NotFound, also when it was brought elsewhere."""
    return one(visible_sheets(actor), public_id=public_id)


def lines_of(sheet: VendorSheet) -> QuerySet[SheetLine]:
    """The rows that are not the same on both sides. One query; page it."""
    return SheetLine.objects.filter(sheet=sheet)


def meanings_at(organisation: Organisation) -> dict[tuple[str, str], str | None]:
    """What a place said its headings mean, by (set, key). One query."""
    rows = HeadingMeaning.objects.filter(organisation=organisation).values_list("field_set", "key", "target")
    return {(which, key): target or None for which, key, target in rows}


def schools_at(actor: Actor, place: Organisation, most: int) -> list[Organisation]:
    """Schools at and below a place whose records the actor reads, one more than `most` where there are more."""
    rows = readable_schools(actor).filter(lineage__startswith=place.lineage).select_related("territory__parent")
    return list(rows[: most + 1])


def called(school: Organisation) -> str:
    """How files name a school; a school without a code is named by none."""
    return school.code or f"#{school.public_id}"


def visible_names(actor: Actor, place: Organisation, which: FieldSet, on: date) -> frozenset[str]:
    """The fields of a set that this reader may see of the schools at a place."""
    return frozenset[str]().union(*(seen_fields(actor, place, kind, on) for kind in SETS[which].kinds))


def own_rows(
    schools: Sequence[Organisation], which: FieldSet, seen: Collection[str], on: date
) -> dict[str, list[OwnRow]]:
    """Our rows of a set by the name of the school, the kinds of the set put together. Some ten queries a school."""
    found = {}
    for school in schools:
        together: dict[str, Payload] = defaultdict(dict)
        for fact in facts_of_kinds(school, SETS[which].kinds, on):
            # "pupil.<school>.<person>" and "pupil_identity.<school>.<person>" are the two halves of one row.
            together[fact.key.partition(".")[2]].update(projected(fact.payload, frozenset(seen)))
        found[called(school)] = [OwnRow(key, called(school), payload) for key, payload in together.items()]
    return found


def takeable(actor: Actor, schools: Sequence[Organisation], on: date) -> dict[str, frozenset[str]]:
    """By school: the fields that the actor can take over from a file there. None where the rows say it themselves."""
    return {
        called(school): frozenset(field.name for field in declarable()) - known_facts(school, on).keys()
        for school in schools
        if actor.may(Permission.FACT_DECLARE, school)
    }
