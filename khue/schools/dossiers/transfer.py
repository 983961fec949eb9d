"""School transfer: the receiving school accepts, the school left behind releases, and the pupil is in one class.

Money is not asked about: unpaid fees never stand in the way (domain §5.2; payments/tests/test_debt.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.foundation.text import fold
from khue.identity import actions as identity
from khue.identity import queries as accounts
from khue.identity.models import Role
from khue.procedures.extensions import CaseFacts, Done
from khue.registry import actions as registry
from khue.registry.queries import organisation_with
from khue.schools.actions import end_enrolment, enrol_pupil
from khue.schools.dossiers.places import class_with, lasting_enrolment, open_classes, place_now, pupils_born
from khue.schools.events import TransferReleased
from khue.schools.models import Enrolment


class ClassNotChosen(Refusal):
    code = "class_not_chosen"
    field = "school_class"
    message = _("Đồng ý tiếp nhận thì phải chọn lớp học sinh sẽ vào.")


class PupilNotHere(Refusal):
    code = "pupil_not_here"
    field = "pupil"
    message = _("Học sinh được chọn hiện không học ở trường, hoặc ngày sinh khác hồ sơ.")


def find_pupil(_actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> Done | None:
    """At filing: whose file it is, where name and birth date leave one pupil of the school left behind.

    Nothing of it is told to whoever files.
    """
    if facts.subject_id is not None or facts.partner_id is None:
        return None
    named = [
        enrolment.person_id
        for enrolment in pupils_born(facts.partner_id, facts.born_on, on)
        if fold(enrolment.person.full_name) == fold(facts.subject_name)
    ]
    return Done(subject_id=named[0]) if len(named) == 1 else None


def accept(_actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> None:
    """The receiving school decides; to accept it names a class of its own that is open.

    refuses  ClassNotChosen
    """
    if (
        facts.data.get("decision") == "accept"
        and class_with(facts.organisation_id, number_in(facts, "school_class"), on) is None
    ):
        raise ClassNotChosen


def release(actor: Actor, facts: CaseFacts, on: date, _at: datetime) -> Done:
    """The school left behind lets the pupil go: one place ends, the other begins, the file goes along, all or nothing.

    Nobody is in two places: the database excludes overlapping enrolments of one person. What lower
    rooms do is done in the name of the officer who releases, with what the receiving school decided in the step before.
    refuses  PupilNotHere; what end_enrolment and enrol_pupil refuse
    source   domain §5.2, TT 15/2026 draft: records within 3 working days, one active enrolment, fees never block
    """
    assert facts.partner_id is not None  # no transfer is filed without the school left behind
    chosen = number_in(facts, "pupil")
    leaving = lasting_enrolment(facts.partner_id, chosen, facts.born_on, on)
    joining = class_with(facts.organisation_id, number_in(facts, "school_class"), on)
    if leaving is None:
        raise PupilNotHere
    if joining is None:
        raise ClassNotChosen
    acting, person = replace(actor, is_system=True), leaving.person
    end_enrolment(actor=acting, enrolment=leaving, on=on, status=Enrolment.Status.TRANSFERRED, reason=facts.code)
    guardians = registry.move_file(actor=acting, person=person, organisation=joining.organisation, on=on)
    made = enrol_pupil(actor=acting, school_class=joining, person=person, on=on)
    roles = {**dict.fromkeys(guardians, Role.GUARDIAN), person.id: Role.PUPIL}
    _let_in(acting, facts.partner_id, joining.organisation_id, roles, on)
    audit.record(actor, "pupil.transferred", made, person=person.id, left=leaving.id, case=facts.code)
    events.publish(
        TransferReleased(
            organisation_id=facts.organisation_id, left_organisation_id=facts.partner_id, person_id=person.id,
            left_enrolment_id=leaving.id, enrolment_id=made.id, case_id=facts.case_id, on=on,
        )
    )  # fmt: skip
    return Done(subject_id=person.id)


def _let_in(acting: Actor, left_id: int, school_id: int, roles: Mapping[int, Role], on: date) -> None:
    """Pupil and guardians keep their accounts and may open the new school too; what the old one holds stays theirs."""
    school = organisation_with(school_id)
    for role in sorted(set(roles.values())):
        people = [person for person, held in roles.items() if held == role]
        for account in accounts.holders(role, [left_id], on=on).filter(person_id__in=people):
            try:
                identity.grant_role(actor=acting, account=account, role=role, organisation=school, valid_from=on)
            except identity.RoleHeldAlready:
                continue


def classes_to_join(_actor: Actor, facts: CaseFacts, place: int) -> Sequence[tuple[str, str]]:
    """Open classes of the pupil's grade at the receiving school and how many are in them; all where it is unknown."""
    return open_classes(place, facts.filed_at, _grade_of(facts))


def _grade_of(facts: CaseFacts) -> int | None:
    """By the class the pupil is in, where the file was found; else by the class the family wrote."""
    stays = place_now(facts.subject_id, facts.filed_at.astimezone(VIETNAM).date()) if facts.subject_id else None
    if stays is not None:
        return stays.school_class.grade
    written = re.match(r"\D*(1[0-2]|[1-9])(?!\d)", str(facts.data.get("school_class_now", "")))
    return int(written[1]) if written else None


def pupils_to_release(_actor: Actor, facts: CaseFacts, place: int) -> Sequence[tuple[str, str]]:
    """The pupil the case is about; where nobody found the file, those born that day."""
    found = pupils_born(place, facts.born_on, facts.filed_at.astimezone(VIETNAM).date())
    return [
        (str(each.person_id), f"{each.person.full_name} · {each.school_class.name}")
        for each in found
        if facts.subject_id in (None, each.person_id)
    ]


def number_in(facts: CaseFacts, name: str) -> int:
    """A key that was chosen in a form; 0 for anything else."""
    text = str(facts.data.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 19 else 0
