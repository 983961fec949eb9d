"""Recording one person and correcting what was recorded."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import fold, name_sort_key
from khue.registry.access import Permission
from khue.registry.events import PersonCorrected
from khue.registry.models import Affiliation, Organisation, Person
from khue.registry.person_details import PersonDetails

LONGEST_NAME = 200


class NameMissing(Refusal):
    code = "name_missing"
    message = _("Chưa có họ tên. Hãy ghi họ tên như trong giấy khai sinh (nhiều nhất 200 kí tự).")
    field = "full_name"


class NumberTooLong(Refusal):
    code = "number_too_long"
    message = _("“%(number)s” dài hơn mọi mã số đã biết. Hãy kiểm tra lại.")
    field = "national_id"


class NumberTaken(Refusal):
    """The number belongs to somebody else, perhaps in another school: the name is not given away."""

    code = "number_taken"
    message = _("Mã số %(number)s đã thuộc về một người khác. Hãy kiểm tra lại, hoặc làm thủ tục chuyển trường.")
    field = "national_id"


@transaction.atomic
def record_person(*, actor: Actor, organisation: Organisation, kind: str, details: PersonDetails, on: date) -> Person:
    """Open a person's file at an organisation that the person belongs to.

    A guardian or member of staff whose file another school keeps is recognised by the 12-digit number, if name and
    birth say the same: that person belongs here too from now on, and the file stays where it is and as it is.

    kind     "pupil", "guardian" or "staff"; a pupil comes from another school by a transfer
    on       the first day of belonging
    refuses  NameMissing; NumberTooLong; NumberTaken. What merely looks wrong is queries.doubts_about
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    details = details.tidied()
    refuse_unusable(details)
    known = _known_elsewhere(actor, kind, details)
    if known is not None:
        Affiliation.objects.get_or_create(
            person=known, organisation=organisation, kind=kind, valid_to=None, defaults={"valid_from": on}
        )
        audit.record(actor, "person.recognised", known, kind=kind, at=organisation.id, on=on)
        return known
    _refuse_taken(actor, details, but=None)

    person = Person.objects.create(
        organisation=organisation, sort_key=name_sort_key(details.full_name), **details.columns()
    )
    Affiliation.objects.create(person=person, organisation=organisation, kind=kind, valid_from=on)
    audit.record(actor, "person.recorded", person, kind=kind, name=person.full_name, on=on)
    return person


@transaction.atomic
def correct_person(*, actor: Actor, person: Person, details: PersonDetails, reason: str = "") -> Person:
    """Replace what a person's file says. Nothing happens when nothing differs.

    refuses  NameMissing; NumberTooLong; NumberTaken
    """
    require(actor, Permission.PERSON_WRITE, within=person)

    details = details.tidied()
    refuse_unusable(details)
    _refuse_taken(actor, details, but=person.id)

    person = Person.objects.select_for_update().get(id=person.id)
    changed = {name: value for name, value in details.columns().items() if getattr(person, name) != value}
    if not changed:
        return person
    before = {name: getattr(person, name) for name in changed}
    for name, value in changed.items():
        setattr(person, name, value)
    person.sort_key = name_sort_key(details.full_name)
    person.save(update_fields=[*changed, "sort_key"])
    audit.record(actor, "person.corrected", person, before=before, after=changed, reason=reason)
    events.publish(PersonCorrected(organisation_id=person.organisation_id, person_id=person.id, fields=sorted(changed)))
    return person


def refuse_unusable(details: PersonDetails) -> None:
    """Refuse what no row can hold: no name, a number longer than its column."""
    if not details.full_name or len(details.full_name) > LONGEST_NAME:
        raise NameMissing
    for number, longest in ((details.national_id, 12), (details.moet_code, 20)):
        if len(number) > longest:
            raise NumberTooLong(number=number)


def _known_elsewhere(actor: Actor, kind: str, details: PersonDetails) -> Person | None:
    """Who bears this number, if kind, name and birth leave no doubt that it is the same adult."""
    if kind == Affiliation.Kind.PUPIL or not details.national_id or not details.birth:
        return None
    # The file is in another school, out of sight: whoever names all three already knows who it is.
    with scope.raised(actor):
        holder = Person.objects.filter(national_id=details.national_id).first()
    if holder is None or not holder.birth:
        return None
    is_same = fold(holder.full_name) == fold(details.full_name) and holder.birth.agrees_with(details.birth)
    return holder if is_same else None


def _refuse_taken(actor: Actor, details: PersonDetails, but: int | None) -> None:
    # A number is unique in the whole node, so its holder may be out of sight.
    with scope.raised(actor):
        for column in ("national_id", "moet_code"):
            number = getattr(details, column)
            if number and Person.objects.filter(**{column: number}).exclude(id=but or 0).exists():
                raise NumberTaken(number=number)
