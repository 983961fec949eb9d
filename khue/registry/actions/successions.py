"""Merging and splitting bodies, and changing who manages one: what was before stays as it was, with its days."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.access import Permission
from khue.registry.actions.organisations import (
    OrganisationDetails,
    close_organisation,
    found_organisation,
    move_organisation,
)
from khue.registry.events import OrganisationsMerged, OrganisationSplit
from khue.registry.models import Management, Organisation, Succession


class NotOfOneKind(Refusal):
    code = "not_of_one_kind"
    message = _("Chỉ sáp nhập được các đơn vị cùng loại, đang hoạt động và khác nhau.")


class NothingToMerge(Refusal):
    code = "nothing_to_merge"
    message = _("Hãy chọn ít nhất một đơn vị để sáp nhập.")


class TooFewParts(Refusal):
    code = "too_few_parts"
    message = _("Chia tách phải ra ít nhất %(least)s đơn vị mới.")


class DecisionMissing(Refusal):
    code = "decision_missing"
    message = _("Hãy ghi số và ngày của quyết định.")
    field = "decision"


@transaction.atomic
def merge_organisations(
    *,
    actor: Actor,
    merging: Sequence[Organisation],
    into: Organisation,
    on: date,
    decision: str,
    keep_as_campuses: bool = False,
) -> Organisation:
    """Close bodies into another one of their kind, which stands for them from that day on.

    What stood under them moves under the successor. Their own rows - people, classes, marks, codes - stay theirs.
    keep_as_campuses  a school that is merged goes on as a campus of the successor, by its old name and address
    refuses           NothingToMerge; NotOfOneKind; DecisionMissing; MovedAhead; EndsBeforeItBegins
    source            Luật Giáo dục 43/2019/QH14, Điều 51; TT 15/2026/TT-BGDĐT
    """
    for body in merging:
        require(actor, Permission.ORGANISATION_WRITE, within=body.parent_id or body)
    require(actor, Permission.ORGANISATION_WRITE, within=into.parent_id or into)

    _refuse_without_decision(decision)
    if not merging:
        raise NothingToMerge
    ids = [body.id for body in merging]
    locked = Organisation.objects.select_for_update().filter(id__in=[*ids, into.id]).order_by("id")
    found = {body.id: body for body in locked}
    kinds = {body.kind for body in found.values()}
    if len(found) != len(ids) + 1 or len(kinds) > 1 or any(body.valid_to for body in found.values()):
        raise NotOfOneKind
    for key in ids:
        _take_over(actor, found[key], found[into.id], on, decision, keep_as_campuses)
    audit.record(actor, "organisation.merged", found[into.id], merged=ids, on=on, decision=decision)
    events.publish(OrganisationsMerged(organisation_id=into.id, merged_ids=ids, into_id=into.id))
    return found[into.id]


@transaction.atomic
def split_organisation(
    *, actor: Actor, organisation: Organisation, parts: Sequence[OrganisationDetails], on: date, decision: str,
    remains: bool,
) -> list[Organisation]:  # fmt: skip
    """Found new bodies out of one, under the same manager.

    remains   the body goes on beside them; otherwise it ends on the day before, and nothing may stand under it any more
    refuses   TooFewParts; NotOfOneKind for a body that has ended; DecisionMissing; CodeTaken; HasOpenUnits
    source    Luật Giáo dục 43/2019/QH14, Điều 51; TT 15/2026/TT-BGDĐT
    """
    require(actor, Permission.ORGANISATION_WRITE, within=organisation.parent_id or organisation)

    _refuse_without_decision(decision)
    least = 1 if remains else 2
    if len(parts) < least:
        raise TooFewParts(least=least)
    organisation = Organisation.objects.select_for_update(of=("self",)).select_related("parent").get(id=organisation.id)
    if organisation.valid_to:
        raise NotOfOneKind
    made = [
        found_organisation(actor=actor, kind=organisation.kind, parent=organisation.parent, details=part, on=on)
        for part in parts
    ]
    said = {"predecessor": organisation, "kind": Succession.Kind.SPLIT, "on": on, "decision": decision.strip()}
    Succession.objects.bulk_create(Succession(successor=part, **said) for part in made)
    if not remains:
        close_organisation(actor=actor, organisation=organisation, on=on - timedelta(days=1), reason=decision)
    audit.record(
        actor, "organisation.split", organisation, parts=[part.id for part in made], on=on, decision=decision,
        remains=remains,
    )  # fmt: skip
    events.publish(OrganisationSplit(organisation_id=organisation.id, part_ids=[part.id for part in made]))
    return made


@transaction.atomic
def change_manager(
    *, actor: Actor, organisation: Organisation, to: Organisation, on: date, decision: str
) -> Organisation:
    """Put a body under another manager by a decision: a school goes from the department to a commune office.

    refuses  DecisionMissing; what move_organisation refuses
    source   TT 15/2025/TT-BGDĐT as amended by TT 45/2026; domain §4.1
    """
    require(actor, Permission.ORGANISATION_WRITE, within=organisation.parent_id or organisation)

    _refuse_without_decision(decision)
    moved = move_organisation(actor=actor, organisation=organisation, to=to, on=on)
    Management.objects.filter(body=moved, manager=to, valid_to=None).update(decision=decision.strip())
    audit.record(actor, "organisation.manager_changed", moved, to_parent=to.id, on=on, decision=decision)
    return moved


def _take_over(
    actor: Actor, body: Organisation, into: Organisation, on: date, decision: str, keeps_campus: bool
) -> None:
    for unit in Organisation.objects.filter(parent=body, valid_to=None).order_by("id"):
        move_organisation(actor=actor, organisation=unit, to=into, on=on)
    if keeps_campus and body.kind == Organisation.Kind.SCHOOL:
        details = OrganisationDetails(name=body.name, territory=body.territory, address=body.address)
        found_organisation(actor=actor, kind=Organisation.Kind.CAMPUS, parent=into, details=details, on=on)
    close_organisation(actor=actor, organisation=body, on=on - timedelta(days=1), reason=decision)
    Succession.objects.create(
        predecessor=body, successor=into, kind=Succession.Kind.MERGED, on=on, decision=decision.strip()
    )


def _refuse_without_decision(decision: str) -> None:
    if not decision.strip():
        raise DecisionMissing
