"""Taking in what a pupil brought from another school: judged first, kept as it is, its results carried over."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.gradebook import actions as gradebook
from khue.records import access, labels
from khue.records.access import Permission
from khue.records.content import Content, Subject, written
from khue.records.models import ReceivedPackage, ReceivedSheet
from khue.records.queries.verifying import DocumentFound, Verified, verify
from khue.records.receiving import is_of
from khue.records.refusals import (
    AlreadyReceived,
    AnotherPupil,
    NothingCarried,
    NotOurYear,
    PackageNotGood,
    PackageUnreadable,
    StepOutOfOrder,
)
from khue.records.signing.verdicts import Verdict
from khue.registry.models import Organisation, Person
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Enrolment, Term

RECEIVED = "records.received"
_ENDINGS = {b"%PDF": "pdf", b"PK": "zip"}


def take_in_package(
    *, actor: Actor, organisation: Organisation, person: Person, data: bytes, at: datetime
) -> ReceivedPackage:
    """Keep a signed package, or one sheet, that a pupil of the school brought along.

    data      XML, PDF or ZIP as another school gave it out
    refuses   PackageUnreadable; PackageNotGood with what is wrong in which file; AnotherPupil; AlreadyReceived
    cost      about a second for the judge, in a process of its own, before anything is written
    source    domain §1.9: a transcript is used for transfers, verifiable and traceable
    """
    require(actor, Permission.PACKAGE_RECEIVE, within=organisation.id)
    found = verify(data)
    _refuse_unless_good(found)
    documents = [one for one in found.documents if one.content is not None]
    for one in documents:
        assert one.content is not None
        if not is_of(one.content.pupil, person):
            birth = "/".join(reversed(one.content.pupil.birth.split("-")))
            raise AnotherPupil(name=one.content.pupil.full_name, birth=birth)
    with transaction.atomic():
        return _kept(actor, organisation, person, data, found, documents, at)


def _refuse_unless_good(found: Verified) -> None:
    if found.verdict is Verdict.NOT_OURS or (found.verdict.is_good and not found.documents):
        raise PackageUnreadable
    if found.verdict.is_good:
        return
    title, _tone, advice = labels.VERDICTS[str(found.verdict)]
    bad = [f"{name}: {labels.VERDICTS[str(verdict)][0]}" for name, verdict in found.parts if not verdict.is_good]
    raise PackageNotGood(
        verdict=title, advice=advice, parts=_("Trong gói: %(list)s.") % {"list": "; ".join(bad)} if bad else ""
    )


def _kept(
    actor: Actor, organisation: Organisation, person: Person, data: bytes, found: Verified,
    documents: Sequence[DocumentFound], at: datetime,
) -> ReceivedPackage:  # fmt: skip
    digests = [one.digest for one in documents]
    known = set(
        ReceivedSheet.objects.select_for_update()
        .filter(organisation=organisation, person=person, digest__in=digests).values_list("digest", flat=True)
    )  # fmt: skip
    new = [one for one in documents if one.digest not in known]
    digest = hashlib.sha256(data).hexdigest()
    if not new or ReceivedPackage.objects.filter(organisation=organisation, person=person, digest=digest).exists():
        raise AlreadyReceived
    ending = next((name for begin, name in _ENDINGS.items() if data.startswith(begin)), "xml")
    file = files.store(
        actor=actor, stream=BytesIO(data), name=f"hoc-ba-nhan-{digest[:12]}.{ending}", purpose=RECEIVED,
        organisation_id=organisation.id, at=at,
    )  # fmt: skip
    seal = found.signatures[-1] if found.signatures else None
    made = ReceivedPackage.objects.create(
        organisation=organisation, person=person, file=file, digest=digest, sheets=len(new), issuer=_issuer(found, new),
        signed_by=seal.signer if seal else "", received_at=at, received_by_name=actor.name,
    )  # fmt: skip
    ReceivedSheet.objects.bulk_create(_sheet(made, one) for one in new)
    audit.record(actor, "package.received", made, sheets=len(new), sha256=digest, issuer=made.issuer)
    return made


def _issuer(found: Verified, documents: Sequence[DocumentFound]) -> str:
    if found.manifest is not None:
        return found.manifest.school
    content = documents[-1].content
    assert content is not None
    return content.school.name


def _sheet(package: ReceivedPackage, one: DocumentFound) -> ReceivedSheet:
    content = one.content
    assert content is not None
    return ReceivedSheet(
        organisation_id=package.organisation_id, package=package, person_id=package.person_id, name=one.name,
        year=content.year, grade=content.grade, class_name=content.class_name, school=content.school.name,
        version=content.version, content=written(content), digest=one.digest, verdict=str(one.verdict),
    )  # fmt: skip


@transaction.atomic
def carry_results(*, actor: Actor, sheet: ReceivedSheet, content: Content, at: datetime) -> int:
    """Carry the term results of a received sheet into the mark-book of the class where the pupil now is.

    By the homeroom teacher, for the school year of the sheet. Results of our own terms go first, as the gradebook has
    it. Returns how many results were carried.
    refuses  NotOurYear, NothingCarried; StepOutOfOrder a second time
    source   domain §3.4
    """
    require(actor, Permission.SHEET_PREPARE, within=sheet)
    rows = schools.visible_enrolments(actor).filter(
        person_id=sheet.person_id, organisation_id=sheet.organisation_id, school_class__school_year__code=sheet.year
    )
    enrolment = rows.first()
    if enrolment is None:
        raise NotOurYear(year=sheet.year)
    access.refuse_unless_leading(actor, enrolment.school_class)
    if not ReceivedSheet.objects.filter(id=sheet.id, carried_at=None).update(carried_at=at):
        raise StepOutOfOrder
    carried = 0
    terms = {term.number: term for term in schools.terms_of(enrolment.school_class.school_year)}
    own = {one.subject.code: one for one in schools.class_subjects_of(actor, enrolment.school_class)}
    for line in content.subjects:
        if line.code in own:
            carried += _carried(actor, enrolment, own[line.code], line, terms, sheet, at)
    if not carried:
        raise NothingCarried
    audit.record(actor, "received_sheet.carried", sheet, results=carried)
    return carried


def _carried(
    actor: Actor, enrolment: Enrolment, class_subject: ClassSubject, line: Subject, terms: "dict[int, Term]",
    sheet: ReceivedSheet, at: datetime,
) -> int:  # fmt: skip
    carried = 0
    for number, value in ((1, line.term_1), (2, line.term_2)):
        if number in terms and value and value != "M":
            gradebook.receive_result(
                actor=actor, enrolment=enrolment, class_subject=class_subject, term=terms[number],
                typed={"D": "Đ", "CD": "CĐ"}.get(value, value.replace(".", ",")), origin=_origin(sheet), at=at,
            )  # fmt: skip
            carried += 1
    return carried


def _origin(sheet: ReceivedSheet) -> str:
    day = f"{sheet.package.received_at.astimezone(VIETNAM):%d/%m/%Y}"
    return _("%(school)s, học bạ số nhận ngày %(day)s") % {"school": sheet.school[:80], "day": day}
