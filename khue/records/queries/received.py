"""What pupils brought from other schools."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.records import access
from khue.records.access import Permission
from khue.records.content import Content, read
from khue.records.models import ReceivedPackage, ReceivedSheet
from khue.schools import queries as schools


def visible_packages(actor: Actor) -> QuerySet[ReceivedPackage]:
    """Packages the school took in, and to the homeroom teacher those of the class. The newest first."""
    rule = access.within(actor, Permission.PACKAGE_RECEIVE)
    led = access.within(actor, Permission.SHEET_PREPARE)
    if rule != Q() and led != access.NOTHING:
        rule |= led & Q(person__in=schools.visible_enrolments(actor).order_by().values("person_id"))
    rows = ReceivedPackage.objects.filter(rule).select_related("person", "organisation", "file")
    return rows.order_by("-id")


def package_of(actor: Actor, public_id: UUID) -> ReceivedPackage:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_packages(actor), public_id=public_id)


def sheets_in(package: ReceivedPackage) -> list[ReceivedSheet]:
    """The sheets of a package, the first year first. One query."""
    return list(ReceivedSheet.objects.filter(package=package).select_related("package").order_by("year", "version"))


def received_sheets_of(person_ids: Sequence[int]) -> list[ReceivedSheet]:
    """The sheets of other schools of these people. People: oneself and one's wards. One query."""
    rows = ReceivedSheet.objects.filter(person_id__in=person_ids).defer("content").select_related("package")
    return list(rows.order_by("year", "version"))


def content_of(sheet: ReceivedSheet) -> Content:
    """What a received sheet says."""
    from khue.records.signing.xades import parsed

    return read(parsed(bytes(sheet.content)), Content)
