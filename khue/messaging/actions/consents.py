"""Consent sheets: written, told in a fixed wording, signed by guardians, taken back, settled by the school."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import StoredFile
from khue.identity import actions as identity
from khue.identity import extensions as identity_slots
from khue.identity import queries as identities
from khue.identity.models import Consent
from khue.messaging import queries
from khue.messaging.actions.announcements import (
    Draft,
    require_author,
    require_decider,
    tell_announcement,
    write_announcement,
)
from khue.messaging.announcements_seen import copies_followed, reach_of
from khue.messaging.consent_seals import Sealed, hash_of, seal_of, wording_of
from khue.messaging.models import Announcement, AnnouncementCopy, ConsentRuling, ConsentSheet, ConsentSignature
from khue.registry.queries import GuardianRights

Decision = ConsentSignature.Decision
Kind = ConsentSheet.Kind


class NoSuchPurpose(Refusal):
    code = "no_such_purpose"
    message = _("Phiếu về dữ liệu cá nhân cần chọn một việc mà nhà trường đã công bố. Hãy chọn lại.")
    field = "purpose"


class SheetIsOver(Refusal):
    code = "sheet_is_over"
    message = _("Phiếu này đã hết hạn hoặc đã đóng. Cần thay đổi, xin liên hệ giáo viên chủ nhiệm.")


class WordingHasChanged(Refusal):
    code = "wording_has_changed"
    message = _("Nội dung phiếu không còn như lúc Quý phụ huynh mở trang. Hãy đọc lại rồi quyết định.")


class NothingDecided(Refusal):
    code = "nothing_decided"
    message = _("Hãy chọn đồng ý hoặc không đồng ý.")
    field = "decision"


class NothingToWithdraw(Refusal):
    code = "nothing_to_withdraw"
    message = _("Hiện không có lời đồng ý nào của Quý phụ huynh để rút lại.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Hãy ghi lí do, để hai người giám hộ đều đọc được vì sao nhà trường quyết định như vậy.")
    field = "reason"


@dataclass(frozen=True)
class SheetDraft:
    """What kind of sheet it is. purpose: one of identity's, only for a sheet about personal data."""

    kind: str
    takes_conditions: bool = False
    purpose: str = ""


@dataclass(frozen=True)
class Signing:
    """What a guardian decides and how the guardian proves who signs.

    wording_hash    of the wording the page showed
    password, code  one of them; host and answer instead where a passkey proves it, with the sealed challenge
    """

    decision: str
    wording_hash: str
    conditions: str = ""
    password: str = ""
    code: str = ""
    host: str = ""
    challenge: str = ""
    answer: str = ""


@transaction.atomic
def write_sheet(
    *, actor: Actor, draft: Draft, sheet: SheetDraft, files: Sequence[StoredFile], at: datetime
) -> ConsentSheet:
    """Begin a consent sheet for families; it is asked once it is told. Again with the same key: the one begun.

    refuses  NoSuchPurpose, and what write_announcement refuses
    """
    announcement = write_announcement(actor=actor, draft=draft, files=files, at=at)
    version = ""
    if sheet.kind == Kind.DATA:
        if sheet.purpose not in identity_slots.purposes:
            raise NoSuchPurpose
        version = identity_slots.purposes[sheet.purpose].version
    made, is_new = ConsentSheet.objects.get_or_create(
        announcement=announcement,
        defaults={
            "organisation_id": announcement.organisation_id, "kind": sheet.kind, "text_version": version,
            "takes_conditions": sheet.takes_conditions and sheet.kind != Kind.DATA,
            "purpose": sheet.purpose if sheet.kind == Kind.DATA else "",
        },
    )  # fmt: skip
    if is_new:
        audit.record(actor, "consent_sheet.written", made, kind=made.kind, purpose=made.purpose)
    return made


@transaction.atomic
def tell_sheet(*, actor: Actor, sheet: ConsentSheet, at: datetime) -> int:
    """Fix the wording and ask the families. returns how many copies there are.

    refuses  what tell_announcement refuses
    """
    announcement = require_author(actor, sheet.announcement)
    files = [(file.name, file.sha256) for file in queries.files_of(announcement)]
    body = announcement.body
    if sheet.purpose:
        body = f"{body}\n\n{identity_slots.purposes[sheet.purpose].text}\n\n{sheet.purpose} {sheet.text_version}"
    wording = wording_of(announcement.subject, body, takes_conditions=sheet.takes_conditions, files=files)
    ConsentSheet.objects.filter(id=sheet.id, wording="").update(wording=wording, wording_hash=hash_of(wording))
    copies = tell_announcement(actor=actor, announcement=sheet.announcement, at=at)
    audit.record(actor, "consent_sheet.fixed", sheet, wording_hash=hash_of(wording))
    return copies


def sign_sheet(*, actor: Actor, copy: AnnouncementCopy, signing: Signing, at: datetime) -> ConsentSignature:
    """Sign for the child, yes or no, having proved at this moment who signs. What was signed before stays beside it.

    refuses  SheetIsOver; NothingDecided; WordingHasChanged; what identity's prove_signer refuses; TextHasChanged where
             a purpose of personal data has a new wording. Not atomic around the count of failed attempts.
    source   Luật 91/2025/QH15 as read in domain §7.1: who, when, which wording, by which way
    """
    rights = require_decider(actor, copy)
    sheet = ConsentSheet.objects.select_related("announcement").get(announcement_id=copy.announcement_id)
    if not sheet.announcement.is_open(at):
        raise SheetIsOver
    if signing.decision not in (Decision.YES, Decision.NO):
        raise NothingDecided
    if signing.wording_hash != sheet.wording_hash:
        raise WordingHasChanged
    proof = _prove(actor, signing, at)
    with transaction.atomic():
        conditions = signing.conditions.strip() if sheet.takes_conditions and signing.decision == Decision.YES else ""
        ledger = _to_ledger(actor, sheet, copy, signing.decision, at)
        return _sign(actor, sheet, copy, rights, signing.decision, conditions, proof, ledger, at)


def _prove(actor: Actor, signing: Signing, at: datetime) -> str:
    if signing.answer:
        return identity.prove_signer_by_key(
            actor=actor, host=signing.host, sealed=signing.challenge, answer=signing.answer, at=at
        )
    return identity.prove_signer(actor=actor, password=signing.password, code=signing.code, at=at)


@transaction.atomic
def withdraw_signature(*, actor: Actor, copy: AnnouncementCopy, at: datetime) -> ConsentSignature:
    """Take the own yes back, at any time, also after the end: as easily as it was given, so nothing is proved again.

    refuses  NothingToWithdraw
    """
    rights = require_decider(actor, copy)
    sheet = ConsentSheet.objects.select_related("announcement").get(announcement_id=copy.announcement_id)
    mine = ConsentSignature.objects.filter(copy=copy, guardian_id=actor.person_id).order_by("-id").first()
    if mine is None or mine.decision != Decision.YES:
        raise NothingToWithdraw
    ledger = _to_ledger(actor, sheet, copy, Decision.WITHDRAWN, at)
    return _sign(actor, sheet, copy, rights, Decision.WITHDRAWN, "", ConsentSignature.Proof.SESSION, ledger, at)


def _to_ledger(
    actor: Actor, sheet: ConsentSheet, copy: AnnouncementCopy, decision: str, at: datetime
) -> Consent | None:
    """Let identity's ledger say the same, where the sheet is about personal data. None where it is not."""
    if not sheet.purpose:
        return None
    mine = (copy.child_id, sheet.purpose, actor.person_id)
    standing = next(
        (
            row
            for row in identities.history_of(actor)
            if (row.person_id, row.purpose, row.decided_by_id) == mine and row.withdrawn_at is None
        ),
        None,
    )
    if decision != Decision.YES:
        if standing is not None:
            identity.withdraw_consent(actor=actor, consent=standing, at=at)
        return standing
    if standing is not None and standing.text_version == sheet.text_version:
        return standing
    return identity.give_consent(
        actor=actor, person=copy.child, organisation=sheet.announcement.organisation, purpose=sheet.purpose,
        text_version=sheet.text_version, at=at,
    )  # fmt: skip


def _sign(
    actor: Actor, sheet: ConsentSheet, copy: AnnouncementCopy, rights: GuardianRights, decision: str, conditions: str,
    proof: str, ledger: Consent | None, at: datetime,
) -> ConsentSignature:  # fmt: skip
    AnnouncementCopy.objects.filter(id=copy.id).update(answered=True)
    seal = seal_of(
        Sealed(
            sheet=str(sheet.public_id), child_id=copy.child_id, guardian_id=rights.guardian_id,
            relationship=rights.relationship, decision=decision, conditions=conditions,
            wording_hash=sheet.wording_hash, proved_by=proof, signed_at=at,
        )
    )  # fmt: skip
    made = ConsentSignature.objects.create(
        organisation_id=copy.organisation_id, sheet=sheet, copy=copy, guardian_id=rights.guardian_id,
        relationship=rights.relationship, decision=decision, conditions=conditions, wording_hash=sheet.wording_hash,
        proved_by=proof, signed_at=at, ledger=ledger, seal=seal,
    )  # fmt: skip
    details = {"child": copy.child_id, "wording_hash": sheet.wording_hash, "proved_by": str(proof), "seal": seal}
    if decision == Decision.WITHDRAWN:
        audit.record(actor, "consent_sheet.withdrawn", made, **details)
    else:
        audit.record(actor, "consent_sheet.signed", made, decision=str(decision), conditions=conditions, **details)
    return made


@transaction.atomic
def rule_on_sheet(
    *, actor: Actor, copy: AnnouncementCopy, takes_part: bool, reason: str, at: datetime
) -> ConsentRuling:
    """Write down what the school decided about a child, above all where its guardians disagree. No signature changes.

    refuses  ReasonMissing
    """
    announcement = Announcement.objects.get(id=copy.announcement_id)
    require_author(actor, announcement)
    reach = reach_of(actor, at.astimezone(VIETNAM).date())
    if not AnnouncementCopy.objects.filter(copies_followed(reach, announcement), id=copy.id).exists():
        raise Forbidden
    if not reason.strip():
        raise ReasonMissing
    made = ConsentRuling.objects.create(
        organisation_id=copy.organisation_id, copy=copy, takes_part=takes_part, reason=reason.strip(),
        ruled_by_id=actor.account_id or 0, ruled_by_name=actor.name, ruled_at=at,
    )  # fmt: skip
    audit.record(actor, "consent_sheet.ruled", made, child=copy.child_id, takes_part=takes_part, reason=reason)
    return made
