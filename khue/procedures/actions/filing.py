"""Filing a case: whoever needs something asks an office for it, and has a receipt with a day in hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.foundation.text import fold, nfc
from khue.foundation.turns import wait_for_turn
from khue.procedures import attaching, filling, working_days, writing
from khue.procedures.access import Permission
from khue.procedures.attaching import Papers, Put
from khue.procedures.events import CaseFiled
from khue.procedures.models import Case, Definition
from khue.procedures.queries.calendar import exceptions_from
from khue.procedures.queries.definitions import is_far, offers
from khue.procedures.queries.filing import cases_filed_with
from khue.procedures.queries.knowledge import known_of
from khue.procedures.reach import reaching
from khue.procedures.refusals import ContactMissing, NotOpen, PartnerMissing
from khue.procedures.stepping import after_act, opened_steps, undoing
from khue.procedures.versions import Version, version
from khue.registry.models import Organisation, Person


@dataclass(frozen=True)
class Filing:
    """What is filed.

    subject   whom it is about, where the platform knows the person; then name and birth come from the file
    given     what was filled in, by the names of the form's fields; papers: files, by the same
    key       made by the form, so that sending the form twice files once
    """

    definition: Definition
    organisation: Organisation
    applicant_name: str
    subject_name: str
    born_on: date
    phone: str = ""
    email: str = ""
    partner: Organisation | None = None
    subject: Person | None = None
    channel: Case.Channel = Case.Channel.ONLINE
    given: Mapping[str, Any] = field(default_factory=dict)
    papers: Papers = field(default_factory=dict)
    key: UUID | None = None


def file_case(*, actor: Actor, filing: Filing, at: datetime) -> Case:
    """File a dossier and issue its receipt with the day by which it will be done. Again with the same key: the first.

    Anybody may, without an account, where the procedure is open; only the office's staff files by post or at the desk.
    Papers that a form asks for must come with what is filed online; at the desk they may be handed in on paper.
    refuses  NotOpen; PartnerMissing; ContactMissing; FieldsWrong; PaperMissing; TooManyFiles; what files.store and the
             procedure's own act refuse
    source   domain §5.1: three channels, receipt, once-only; NĐ 61/2018 in spirit
    """
    _require_filing(actor, filing)

    kept = version(filing.definition.public_id)
    _refuse_unfit(filing, kept, at.astimezone(VIETNAM).date())
    known = known_of(filing.subject)
    given = filling.taken(kept.sheet.filing, filing.given, known)
    wanted = kept.sheet.filing.papers
    if filing.channel == Case.Channel.ONLINE:
        attaching.refuse_missing(wanted, filing.papers, known)

    partner = filing.partner.id if filing.partner is not None else None
    with undoing(kept.sheet.filed, filing.papers), reaching(actor, filing.organisation.id, partner) as beyond:
        if (first := _filed_before(filing)) is not None:
            return first
        case = _received(actor, filing, kept, given, at)
        move = kept.map.begin(case.data)
        case.state = move.state
        office_code = filing.organisation.code or str(case.organisation_id)
        writing.file(case, office_code, opened_steps(kept, case, move.opened), _receipt(case, kept))
        attaching.put(actor, Put(case, at, is_applicants=True, asked=wanted), filing.papers)
        if kept.sheet.filed and after_act(actor, kept, case, kept.sheet.filed, at):
            case.save(update_fields=["data", "subject"])
        if case.email and case.applicant_id is None:
            events.publish(CaseFiled(organisation_id=case.organisation_id, case_id=case.id))
        audit.record(actor, "case.filed", case, code=case.code, channel=case.channel, due_on=case.due_on, beyond=beyond)
    return case


def _require_filing(actor: Actor, filing: Filing) -> None:
    works_there = actor.may(Permission.CASE_WORK, filing.organisation.id)
    if filing.channel != Case.Channel.ONLINE and not works_there:
        raise Forbidden
    if not filing.definition.procedure.is_open and not works_there:
        raise Forbidden
    # A file of the registry is named only by whom it is about, by its guardians, or by the office itself.
    own = {actor.person_id, *actor.wards}
    if filing.subject is not None and filing.subject.id not in own and not works_there:
        raise Forbidden


def _refuse_unfit(filing: Filing, kept: Version, today: date) -> None:
    if not offers(filing.definition, filing.organisation, today):
        raise NotOpen
    if kept.sheet.partner and (filing.partner is None or filing.partner.id == filing.organisation.id):
        raise PartnerMissing
    if not (filing.phone.strip() or filing.email.strip()):
        raise ContactMissing


def _filed_before(filing: Filing) -> Case | None:
    """What the same form has filed about the same person. Whoever sends it meanwhile waits here for the other."""
    key = _key_of(filing)
    if key is None:
        return None
    wait_for_turn(f"procedures.filed:{key}")
    return next(iter(cases_filed_with(filing.organisation.id, key)), None)


def _key_of(filing: Filing) -> UUID | None:
    """The form's key together with whom it is about: a parent may go back and file for the other child."""
    if filing.key is None:
        return None
    whom = str(filing.subject.id) if filing.subject is not None else f"{fold(filing.subject_name)} {filing.born_on}"
    partner = filing.partner.id if filing.partner is not None else ""
    return uuid5(filing.key, f"{filing.definition.procedure_id} {partner} {whom}")


def _received(actor: Actor, filing: Filing, kept: Version, given: Mapping[str, Any], at: datetime) -> Case:
    office, subject = filing.organisation, filing.subject
    exceptions = exceptions_from(at.astimezone(VIETNAM).date())
    received = working_days.received_on(at, kept.received_until, exceptions)
    days = kept.working_days
    if kept.days_elsewhere is not None and filing.partner is not None and is_far(office, filing.partner):
        days = kept.days_elsewhere
    born = subject.birth if subject is not None else None
    files = filing.channel == Case.Channel.ONLINE
    return Case(
        organisation=office,
        partner=filing.partner,
        definition=filing.definition,
        applicant_id=actor.person_id if files else None,
        applicant_name=_line(filing.applicant_name) or actor.name,
        phone=_line(filing.phone)[:20],
        email=_line(filing.email)[:120],
        subject=subject,
        subject_name=subject.full_name if subject is not None else _line(filing.subject_name),
        born_on=date(born.year, born.month, born.day)
        if born is not None and born.year and born.month and born.day
        else filing.born_on,
        channel=filing.channel,
        data=dict(given),
        status=Case.Status.RECEIVED,
        filed_at=at,
        received_on=received,
        due_on=working_days.due_on(received, days, exceptions),
        key=_key_of(filing),
    )


def _receipt(case: Case, kept: Version) -> dict[str, str]:
    return {
        "title": kept.title,
        "applicant": case.applicant_name,
        "subject": case.subject_name,
        "received_on": f"{case.received_on:%d/%m/%Y}",
        "due_on": f"{case.due_on:%d/%m/%Y}",
    }


def _line(text: str) -> str:
    return " ".join(nfc(text.replace("\x00", "")).split())[:200]
