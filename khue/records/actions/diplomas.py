"""The register of diplomas and certificates: a line is written, handed over, withdrawn; never changed or left out."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.records.access import Permission, require_own
from khue.records.models import Diploma, DiplomaCorrection, DiplomaCounter
from khue.records.refusals import DayInFuture, DiplomaStands, ReasonMissing, SerialTaken, StepOutOfOrder
from khue.registry.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class NewDiploma:
    """What is typed for a line of the register. serial: of the form; decision: number and day of the decision."""

    kind: str
    title: str
    serial: str
    decision: str
    issued_on: date


@transaction.atomic
def record_diploma(
    *,
    actor: Actor,
    organisation: Organisation,
    person: Person,
    given: NewDiploma,
    at: datetime,
    replaces: Diploma | None = None,
) -> Diploma:
    """Write the next line of the register of its kind and year. The number is the next one; none is ever left out.

    replaces  a withdrawn line that this one takes the place of
    refuses   SerialTaken, ReasonMissing without a decision, DayInFuture, StepOutOfOrder
    source    Luật 123/2025/QH15: register and form numbers are unique; the head issues the upper-secondary diploma
    """  # fmt: skip
    require_own(actor, Permission.DIPLOMA_WRITE, organisation.id)
    if not given.decision.strip():
        raise ReasonMissing
    if given.issued_on > at.astimezone(VIETNAM).date():
        raise DayInFuture
    if replaces is not None and (replaces.withdrawn_on is None or replaces.person_id != person.id):
        raise StepOutOfOrder
    number = _next(organisation.id, given.kind, given.issued_on.year)
    birth = "-".join(f"{one:02}" for one in (person.birth_year, person.birth_month, person.birth_day) if one)
    try:
        with transaction.atomic():
            made = Diploma.objects.create(
                organisation=organisation, person=person, kind=given.kind, year=given.issued_on.year, number=number,
                serial=given.serial.strip(), title=given.title.strip(), name=person.full_name, birth=birth,
                birthplace=person.birthplace, sex=person.sex, ethnicity=person.ethnicity,
                decision=given.decision.strip(), issued_on=given.issued_on, recorded_at=at,
                recorded_by_name=actor.name, replaces=replaces,
            )  # fmt: skip
    except IntegrityError:
        raise SerialTaken(serial=given.serial.strip()) from None
    audit.record(actor, "diploma.recorded", made, kind=made.kind, number=number, serial=made.serial)
    return made


def _next(organisation_id: int, kind: str, year: int) -> int:
    place = {"organisation_id": organisation_id, "kind": kind, "year": year}
    DiplomaCounter.objects.bulk_create([DiplomaCounter(**place)], ignore_conflicts=True)
    counter = DiplomaCounter.objects.select_for_update().get(**place)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def hand_over_diploma(*, actor: Actor, diploma: Diploma, to: str, on: date, at: datetime) -> None:
    """Write down who took it and when. Once.

    refuses  DiplomaStands, DayInFuture, ReasonMissing without a name
    """
    require_own(actor, Permission.DIPLOMA_WRITE, diploma.organisation_id)
    if not to.strip():
        raise ReasonMissing
    if on > at.astimezone(VIETNAM).date():
        raise DayInFuture
    if not Diploma.objects.filter(id=diploma.id, handed_on=None, withdrawn_on=None).update(
        handed_on=on, handed_to=to.strip()
    ):
        raise DiplomaStands
    audit.record(actor, "diploma.handed_over", diploma, to=to.strip(), on=on.isoformat())


@transaction.atomic
def withdraw_diploma(*, actor: Actor, diploma: Diploma, reason: str, on: date, at: datetime) -> None:
    """Withdraw it; its line and number stay. Once.

    refuses  DiplomaStands, DayInFuture, ReasonMissing
    """
    require_own(actor, Permission.DIPLOMA_WRITE, diploma.organisation_id)
    if not reason.strip():
        raise ReasonMissing
    if on > at.astimezone(VIETNAM).date():
        raise DayInFuture
    if not Diploma.objects.filter(id=diploma.id, withdrawn_on=None).update(
        withdrawn_on=on, withdrawn_reason=reason.strip()
    ):
        raise DiplomaStands
    audit.record(actor, "diploma.withdrawn", diploma, reason=reason.strip())


@transaction.atomic
def replace_diploma(
    *, actor: Actor, diploma: Diploma, given: NewDiploma, why: str, reason: str, at: datetime
) -> Diploma:
    """Issue it again, or corrected: the old line is withdrawn with the reason, the next line names it.

    why      "reissue" (lost, damaged) or "correction"; name, birth and birthplace are those of the person's file now
    refuses  ReasonMissing, StepOutOfOrder where another line has taken its place, and what recording refuses
    """
    require_own(actor, Permission.DIPLOMA_WRITE, diploma.organisation_id)
    if not reason.strip():
        raise ReasonMissing
    if Diploma.objects.filter(replaces=diploma).exists():
        raise StepOutOfOrder
    if diploma.withdrawn_on is None:
        said = {"reissue": _("Cấp lại: %(reason)s"), "correction": _("Chỉnh sửa: %(reason)s")}[why]
        withdraw_diploma(
            actor=actor, diploma=diploma, reason=said % {"reason": reason.strip()}, on=given.issued_on, at=at
        )
        diploma.refresh_from_db()
    made = record_diploma(
        actor=actor, organisation=diploma.organisation, person=diploma.person, given=given, at=at, replaces=diploma
    )
    audit.record(actor, "diploma.replaced", made, why=why, replaces=diploma.number, reason=reason.strip())
    return made


@dataclass(frozen=True, slots=True)
class Correction:
    """What a decision changes in a line. decision: its number; ground: the civil-status act it rests on."""

    wrong: str
    right: str
    decision: str
    ground: str


@transaction.atomic
def note_correction(*, actor: Actor, diploma: Diploma, given: Correction, on: date, at: datetime) -> DiplomaCorrection:
    """Write a decision to correct beside its line. The line stays as it was, and no new diploma is issued.

    refuses  ReasonMissing without what was wrong, what is right and the ground; DiplomaStands for a withdrawn line
    source   domain §5.2: correction is a decision and a note in the book, not a new diploma
    """
    require(actor, Permission.DIPLOMA_CORRECT, within=diploma)
    if not all(text.strip() for text in (given.wrong, given.right, given.decision, given.ground)):
        raise ReasonMissing
    if diploma.withdrawn_on is not None:
        raise DiplomaStands
    made = DiplomaCorrection.objects.create(
        organisation_id=diploma.organisation_id, diploma=diploma, wrong=given.wrong.strip(), right=given.right.strip(),
        decision=given.decision.strip(), ground=given.ground.strip(), decided_on=on, recorded_at=at,
        recorded_by_name=actor.name,
    )  # fmt: skip
    audit.record(actor, "diploma.corrected", diploma, wrong=made.wrong, right=made.right, decision=made.decision)
    return made
