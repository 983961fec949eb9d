"""Founding, moving and closing the bodies of the education system."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry.access import Permission
from khue.registry.events import OrganisationClosed, OrganisationMoved
from khue.registry.models import Organisation, Territory
from khue.registry.tree import may_stand_under


class CodeTaken(Refusal):
    code = "organisation_code_taken"
    message = _("Mã %(code)s đã thuộc về %(name)s. Hãy kiểm tra lại mã.")
    field = "code"


class WrongParent(Refusal):
    code = "wrong_parent"
    message = _("%(name)s không thể trực thuộc %(parent)s. Hãy chọn đơn vị quản lí khác.")
    field = "parent"


class MovedIntoItself(Refusal):
    code = "moved_into_itself"
    message = _("%(name)s không thể trực thuộc chính mình hoặc đơn vị bên dưới mình.")
    field = "parent"


class HasOpenUnits(Refusal):
    code = "has_open_units"
    message = _("%(name)s còn %(count)s đơn vị trực thuộc đang hoạt động. Hãy chuyển hoặc giải thể chúng trước.")


@dataclass(frozen=True)
class OrganisationDetails:
    """What is known of a body when it is founded.

    level_groups  codes 01..05 of the exchange specification (domain §1.8)
    """

    name: str
    code: str | None = None
    territory: Territory | None = None
    level_groups: tuple[str, ...] = ()
    ownership: str = Organisation.Ownership.PUBLIC
    is_disadvantaged: bool = False
    address: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def found_organisation(
    *, actor: Actor, kind: str, parent: Organisation | None, details: OrganisationDetails, on: date
) -> Organisation:
    """Found a department, commune office, school or campus under the body that manages it.

    parent   None founds the root of this node
    refuses  WrongParent; CodeTaken
    """
    if parent is None:
        require(actor, Permission.ROOT_WRITE, within=None)
    else:
        require(actor, Permission.ORGANISATION_WRITE, within=parent)

    _refuse_wrong_parent(details.name, kind, parent)
    _refuse_taken(details.code)

    key = _next_key()
    made = Organisation.objects.create(
        id=key,
        kind=kind,
        code=details.code or None,
        name=nfc(details.name),
        parent=parent,
        lineage=f"{parent.lineage if parent else ''}{key}.",
        territory=details.territory,
        level_groups=",".join(details.level_groups),
        ownership=details.ownership,
        is_disadvantaged=details.is_disadvantaged,
        address=nfc(details.address),
        phone=details.phone,
        email=details.email,
        valid_from=on,
    )
    audit.record(actor, "organisation.founded", made, kind=kind, code=made.code, name=made.name, parent=made.parent_id)
    return made


@transaction.atomic
def move_organisation(*, actor: Actor, organisation: Organisation, to: Organisation) -> Organisation:
    """Put a body, with all below it, under another: a school goes from the department to a commune office.

    refuses  WrongParent; MovedIntoItself
    cost     one statement for the whole subtree
    """
    # In key order, and the rows themselves: two moves at once must not weave a circle.
    rows = Organisation.objects.select_for_update().filter(id__in=[organisation.id, to.id]).order_by("id")
    locked = {row.id: row for row in rows}
    organisation, to = locked[organisation.id], locked[to.id]
    require(actor, Permission.ORGANISATION_WRITE, within=organisation.parent_id or organisation)
    require(actor, Permission.ORGANISATION_WRITE, within=to)

    if to.lineage.startswith(organisation.lineage):
        raise MovedIntoItself(name=organisation.name)
    _refuse_wrong_parent(organisation.name, organisation.kind, to)

    before_id, before = organisation.parent_id, organisation.lineage
    after = f"{to.lineage}{organisation.id}."
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_organisation SET lineage = %s || substr(lineage, %s),"
            " parent_id = CASE WHEN id = %s THEN %s ELSE parent_id END WHERE lineage LIKE %s",
            [after, len(before) + 1, organisation.id, to.id, f"{before}%"],
        )
        moved = cursor.rowcount
    organisation.refresh_from_db()
    audit.record(
        actor, "organisation.moved", organisation, from_parent=before_id, to_parent=to.id, lineage=before, moved=moved
    )
    events.publish(
        OrganisationMoved(organisation_id=to.id, moved_id=organisation.id, from_parent_id=before_id, to_parent_id=to.id)
    )
    return organisation


@transaction.atomic
def close_organisation(*, actor: Actor, organisation: Organisation, on: date, reason: str) -> Organisation:
    """Close a body for good. What it kept stays; nothing new begins there.

    on       its last day
    refuses  HasOpenUnits while a body below it is open
    """
    require(actor, Permission.ORGANISATION_WRITE, within=organisation.parent_id or organisation)

    below = Organisation.objects.filter(lineage__startswith=organisation.lineage).exclude(id=organisation.id)
    still_open = below.filter(valid_to=None).count()
    if still_open:
        raise HasOpenUnits(name=organisation.name, count=still_open)

    before = organisation.valid_to
    organisation.valid_to = on
    organisation.save(update_fields=["valid_to"])
    audit.record(actor, "organisation.closed", organisation, on=on, before=before, reason=reason)
    events.publish(OrganisationClosed(organisation_id=organisation.id, closed_id=organisation.id))
    return organisation


def _refuse_wrong_parent(name: str, kind: str, parent: Organisation | None) -> None:
    if not may_stand_under(kind, parent.kind if parent else None) or (parent and parent.valid_to):
        raise WrongParent(name=name, parent=parent.name if parent else "—")


def _refuse_taken(code: str | None) -> None:
    holder = Organisation.objects.filter(code=code).first() if code else None
    if holder is not None:
        raise CodeTaken(code=code, name=holder.name)


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_organisation', 'id'))")
        return int(cursor.fetchone()[0])
