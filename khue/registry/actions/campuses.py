"""Campuses: a school founds, renames and closes its own, without asking the body that manages it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import fold, nfc
from khue.registry.access import Permission
from khue.registry.actions.organisations import WrongParent, next_key
from khue.registry.actions.people import NameMissing
from khue.registry.events import OrganisationClosed
from khue.registry.models import Organisation

#: What people call the main site, which is the school itself.
MAIN = frozenset({"chinh", "diem chinh", "diem truong chinh", "co so chinh", "tru so chinh"})


class CampusIsMain(Refusal):
    code = "campus_is_main"
    message = _("Điểm trường chính là bản thân trường này, không cần thêm. Hãy chỉ thêm các điểm trường khác.")
    field = "name"


@transaction.atomic
def found_campus(*, actor: Actor, school: Organisation, name: str, address: str, on: date) -> Organisation:
    """Found a campus of a school.

    refuses  NameMissing; CampusIsMain; WrongParent for anything but a school in operation
    """
    require(actor, Permission.CAMPUS_WRITE, within=school)

    name = nfc(name)
    if not name:
        raise NameMissing
    if school.kind != Organisation.Kind.SCHOOL or school.valid_to:
        raise WrongParent(name=name, parent=school.name)
    if fold(name) in MAIN | {fold(school.name)}:
        raise CampusIsMain
    key = next_key()
    made = Organisation.objects.create(
        id=key,
        kind=Organisation.Kind.CAMPUS,
        name=name,
        parent=school,
        lineage=f"{school.lineage}{key}.",
        territory=school.territory,
        ownership=school.ownership,
        address=nfc(address),
        valid_from=on,
    )
    # Of the school: the campus is not in this transaction's scope, which was set before it existed.
    audit.record(actor, "campus.founded", school, name=name, campus=made.id)
    return made


@transaction.atomic
def change_campus(*, actor: Actor, campus: Organisation, name: str, address: str) -> Organisation:
    """Rename a campus or correct its address.

    refuses  NameMissing; WrongParent for anything but a campus
    """
    require(actor, Permission.CAMPUS_WRITE, within=campus)

    if campus.kind != Organisation.Kind.CAMPUS:
        raise WrongParent(name=campus.name, parent="—")
    if not nfc(name):
        raise NameMissing
    before = {"name": campus.name, "address": campus.address}
    campus.name, campus.address = nfc(name), nfc(address)
    campus.save(update_fields=["name", "address"])
    audit.record(actor, "campus.changed", campus, before=before, after={"name": campus.name})
    return campus


@transaction.atomic
def close_campus(*, actor: Actor, campus: Organisation, on: date) -> Organisation:
    """Close a campus for good; what it kept stays.

    on       its last day
    refuses  WrongParent for anything but a campus
    """
    require(actor, Permission.CAMPUS_WRITE, within=campus)

    if campus.kind != Organisation.Kind.CAMPUS:
        raise WrongParent(name=campus.name, parent="—")
    campus.valid_to = on
    campus.save(update_fields=["valid_to"])
    audit.record(actor, "campus.closed", campus, on=on)
    events.publish(OrganisationClosed(organisation_id=campus.id, closed_id=campus.id))
    return campus
