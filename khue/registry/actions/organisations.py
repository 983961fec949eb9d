"""Founding, moving and closing the bodies of the education system."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require
from khue.foundation.clock import today
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry.access import Permission
from khue.registry.actions.affiliations import EndsBeforeItBegins
from khue.registry.events import OrganisationClosed, OrganisationMoved
from khue.registry.models import Management, Organisation, OrganisationCode, Territory
from khue.registry.tree import may_stand_under


class CodeTaken(Refusal):
    code = "organisation_code_taken"
    message = _("Mã %(code)s đã thuộc về %(name)s. Hãy kiểm tra lại mã.")
    field = "code"


class WrongParent(Refusal):
    code = "wrong_parent"
    message = _("%(name)s không thể trực thuộc %(parent)s. Hãy chọn đơn vị quản lí khác.")
    field = "to"


class MovedIntoItself(Refusal):
    code = "moved_into_itself"
    message = _("%(name)s không thể trực thuộc chính mình hoặc đơn vị bên dưới mình.")
    field = "to"


class ManagedAlready(Refusal):
    code = "managed_already"
    message = _("%(parent)s đang quản lí %(name)s rồi.")
    field = "to"


class MovedAhead(Refusal):
    code = "moved_ahead"
    message = _("Chỉ ghi được khi đã chuyển: ngày chuyển không được sau hôm nay.")
    field = "on"


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

    key = next_key()
    made = Organisation.objects.create(
        id=key,
        kind=kind,
        parent=parent,
        lineage=f"{parent.lineage if parent else ''}{key}.",
        valid_from=on,
        **_columns(details),
    )
    if parent is not None:
        Management.objects.create(body=made, manager=parent, valid_from=on)
    # The scope of this transaction was fixed before the body existed.
    with scope.raised(actor, [made.id]):
        audit.record(
            actor, "organisation.founded", made, kind=kind, code=made.code, name=made.name, parent=made.parent_id
        )
    return made


@transaction.atomic
def move_organisation(*, actor: Actor, organisation: Organisation, to: Organisation, on: date) -> Organisation:
    """Put a body, with all below it, under another: a school goes from the department to a commune office.

    on       the new manager's first day; who sees the school changes at once, so that it may not lie ahead
    refuses  WrongParent; MovedIntoItself; ManagedAlready; MovedAhead
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
    if organisation.parent_id == to.id:
        raise ManagedAlready(name=organisation.name, parent=to.name)
    _pass_on(organisation, to, on)

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
        actor, "organisation.moved", organisation, from_parent=before_id, to_parent=to.id, lineage=before,
        moved=moved, on=on,
    )  # fmt: skip
    events.publish(
        OrganisationMoved(organisation_id=to.id, moved_id=organisation.id, from_parent_id=before_id, to_parent_id=to.id)
    )
    return organisation


@transaction.atomic
def correct_organisation(*, actor: Actor, organisation: Organisation, details: OrganisationDetails) -> Organisation:
    """Replace what is known of a body. Its kind stays, and who manages it is changed by moving it.

    refuses  CodeTaken
    """
    require(actor, Permission.ORGANISATION_WRITE, within=organisation)

    _refuse_taken(details.code, but=organisation.id)
    organisation = Organisation.objects.select_for_update().get(id=organisation.id)
    changed = {name: value for name, value in _columns(details).items() if getattr(organisation, name) != value}
    if not changed:
        return organisation
    before = {name: getattr(organisation, name) for name in changed}
    if organisation.code and "code" in changed:
        _remember_code(organisation)
    for name, value in changed.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(changed))
    audit.record(actor, "organisation.corrected", organisation, before=before, after=changed)
    return organisation


@transaction.atomic
def close_organisation(*, actor: Actor, organisation: Organisation, on: date, reason: str) -> Organisation:
    """Close a body for good. What it kept stays; nothing new begins there.

    on       its last day
    refuses  HasOpenUnits while a body below it is open; EndsBeforeItBegins
    """
    require(actor, Permission.ORGANISATION_WRITE, within=organisation.parent_id or organisation)

    below = Organisation.objects.filter(lineage__startswith=organisation.lineage).exclude(id=organisation.id)
    still_open = below.filter(valid_to=None).count()
    if still_open:
        raise HasOpenUnits(name=organisation.name, count=still_open)

    if organisation.valid_from is not None and on < organisation.valid_from:
        raise EndsBeforeItBegins(on=f"{on:%d/%m/%Y}", begun=f"{organisation.valid_from:%d/%m/%Y}")

    before = organisation.valid_to
    organisation.valid_to = on
    organisation.save(update_fields=["valid_to"])
    audit.record(actor, "organisation.closed", organisation, on=on, before=before, reason=reason)
    events.publish(OrganisationClosed(organisation_id=organisation.id, closed_id=organisation.id))
    return organisation


def _refuse_wrong_parent(name: str, kind: str, parent: Organisation | None) -> None:
    if not may_stand_under(kind, parent.kind if parent else None) or (parent and parent.valid_to):
        raise WrongParent(name=name, parent=parent.name if parent else "—")


def _columns(details: OrganisationDetails) -> dict[str, Any]:
    return {
        "code": details.code or None,
        "name": nfc(details.name),
        "territory_id": details.territory.id if details.territory else None,
        "level_groups": ",".join(details.level_groups),
        "ownership": details.ownership,
        "is_disadvantaged": details.is_disadvantaged,
        "address": nfc(details.address),
        "phone": details.phone,
        "email": details.email,
    }


def _pass_on(organisation: Organisation, to: Organisation, on: date) -> None:
    """Close the manager's days and open the next one's."""
    now = Management.objects.filter(body=organisation, valid_to=None).first()
    if on > today():
        raise MovedAhead
    begun = now.valid_from if now else organisation.valid_from
    if begun is not None and on <= begun:
        raise EndsBeforeItBegins(on=f"{on:%d/%m/%Y}", begun=f"{begun:%d/%m/%Y}")
    last = on - timedelta(days=1)
    if now is not None:
        Management.objects.filter(id=now.id).update(valid_to=last)
    elif organisation.parent_id is not None:
        Management.objects.create(
            body=organisation, manager_id=organisation.parent_id, valid_from=organisation.valid_from, valid_to=last
        )
    Management.objects.create(body=organisation, manager=to, valid_from=on)


def _remember_code(organisation: Organisation) -> None:
    """What was sent and printed under the old code still finds the body, by its day."""
    before = OrganisationCode.objects.filter(body=organisation).order_by("-valid_to").first()
    first = before.valid_to + timedelta(days=1) if before else organisation.valid_from
    last = today() - timedelta(days=1)
    if first is None or first <= last:  # a code that was corrected on its first day was never in use
        OrganisationCode.objects.create(
            body=organisation, code=organisation.code or "", valid_from=first, valid_to=last
        )


def _refuse_taken(code: str | None, but: int = 0) -> None:
    holder = Organisation.objects.filter(code=code).exclude(id=but).first() if code else None
    if holder is not None:
        raise CodeTaken(code=code, name=holder.name)


def next_key() -> int:
    """The key of the next organisation, known before the row so that its lineage can be written at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_organisation', 'id'))")
        return int(cursor.fetchone()[0])
