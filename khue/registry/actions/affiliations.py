"""Belonging to an organisation."""

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.arrays import array
from khue.foundation.errors import Refusal
from khue.registry.access import Permission
from khue.registry.models import Affiliation, Organisation, Person


class EndsBeforeItBegins(Refusal):
    code = "ends_before_it_begins"
    message = _("Ngày kết thúc %(on)s trước ngày bắt đầu %(begun)s.")
    field = "on"


@transaction.atomic
def affiliate(*, actor: Actor, person: Person, organisation: Organisation, kind: str, on: date) -> Affiliation:
    """Let a person belong to an organisation from a day on; the one in force is kept if there is one.

    Whoever does it must be able to write at that organisation and be shown the person already: `person` comes from
    a visible_* query or from an action that raised its scope and said so.
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    in_force = Affiliation.objects.filter(person=person, organisation=organisation, kind=kind, valid_to=None).first()
    if in_force is not None:
        return in_force
    made, _made = Affiliation.objects.update_or_create(
        person=person, organisation=organisation, kind=kind, valid_from=on, defaults={"valid_to": None}
    )
    audit.record(actor, "person.affiliated", person, organisation=organisation.id, kind=kind, on=on)
    return made


@transaction.atomic
def end_affiliation(*, actor: Actor, affiliation: Affiliation, on: date, reason: str = "") -> Affiliation:
    """Let a belonging end.

    on       its last day
    refuses  EndsBeforeItBegins
    """
    require(actor, Permission.PERSON_WRITE, within=affiliation)

    if on < affiliation.valid_from:
        raise EndsBeforeItBegins(on=f"{on:%d/%m/%Y}", begun=f"{affiliation.valid_from:%d/%m/%Y}")

    before = affiliation.valid_to
    affiliation.valid_to = on
    affiliation.save(update_fields=["valid_to"])
    audit.record(
        actor,
        "person.affiliation_ended",
        affiliation,
        person=affiliation.person_id,
        kind=affiliation.kind,
        on=on,
        before=before,
        reason=reason,
    )
    return affiliation


@transaction.atomic
def end_affiliations(
    *, actor: Actor, organisation: Organisation, kind: str, people: Collection[int], on: date
) -> list[int]:
    """Let many people's belonging to one organisation end, for an import. Returns the ids of the rows that end.

    on  its last day; a belonging that had not begun by then ends on its first day
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    rows = Affiliation.objects.filter(organisation=organisation, kind=kind, person_id__in=people)
    ended = list(rows.filter(Q(valid_to=None) | Q(valid_to__gt=on)).order_by("id").values_list("id", flat=True))
    Affiliation.objects.filter(id__in=ended).update(valid_to=Greatest(F("valid_from"), on))
    audit.record(actor, "people.affiliations_ended", organisation, kind=kind, on=on, affiliations=ended)
    return ended


@transaction.atomic
def affiliate_people(
    *, actor: Actor, organisation: Organisation, kind: str, person_ids: Collection[int], on: date
) -> None:
    """Let many people belong to an organisation from a day on; those who do already are left as they are.

    As with affiliate, the actor was shown them. Two statements, whatever their number.
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    if person_ids:
        begin_affiliations(organisation, kind, person_ids, on)
        audit.record(actor, "people.affiliated", organisation, kind=kind, on=on, people=sorted(person_ids))


def begin_affiliations(organisation: Organisation, kind: str, person_ids: Collection[int], on: date) -> None:
    """Write that these people belong to the organisation, in one statement; who may, the caller has asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The name comes with the person where this scope sees it; elsewhere the table's trigger fetches it.
            "INSERT INTO registry_affiliation (person_id, organisation_id, kind, valid_from, sort_key, folded_name)"
            " SELECT n, %s::bigint, %s, %s::date, p.sort_key, p.folded_name"
            " FROM unnest(%s::bigint[]) n LEFT JOIN registry_person p ON p.id = n WHERE NOT EXISTS ("
            "SELECT 1 FROM registry_affiliation a WHERE a.person_id = n AND a.organisation_id = %s"
            " AND a.kind = %s AND a.valid_to IS NULL)"
            " ON CONFLICT (person_id, organisation_id, kind, valid_from) DO UPDATE SET valid_to = NULL",
            [organisation.id, kind, on, array(sorted(set(person_ids))), organisation.id, kind],
        )
