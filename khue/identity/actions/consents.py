"""The consent ledger: a yes is written down with who, for whom, to what wording, when and how; so is taking it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.identity import extensions
from khue.identity.access import Permission
from khue.identity.events import ConsentWithdrawn
from khue.identity.models import Consent
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person


class TextHasChanged(Refusal):
    code = "text_has_changed"
    message = _("Nội dung xin đồng ý vừa được cập nhật. Hãy đọc bản mới rồi quyết định.")


class ConsentStandsAlready(Refusal):
    code = "consent_stands_already"
    message = _("Sự đồng ý này đã được ghi nhận rồi.")


class MayNotDecide(Refusal):
    code = "may_not_decide"
    message = _("Chỉ người đại diện hợp pháp hoặc chính người đó mới quyết định được việc này.")


@transaction.atomic
def give_consent(
    *, actor: Actor, person: Person, organisation: Organisation, purpose: str, text_version: str, at: datetime
) -> Consent:
    """Say yes, for oneself or for a ward, to the wording that was shown.

    text_version  the wording the person read
    refuses       TextHasChanged; MayNotDecide; ConsentStandsAlready
    """
    decider = _decider(actor, person)
    return _write(actor, person, decider, organisation, purpose, text_version, Consent.Channel.PAGE, at)


@transaction.atomic
def record_consent_on_paper(
    *,
    actor: Actor,
    person: Person,
    decided_by: Person,
    organisation: Organisation,
    purpose: str,
    text_version: str,
    at: datetime,
) -> Consent:
    """Enter the yes of somebody who signed it on paper, which the school keeps.

    refuses  TextHasChanged; MayNotDecide; ConsentStandsAlready
    """
    require(actor, Permission.CONSENT_RECORD, within=organisation)
    if decided_by.id != person.id:
        _refuse_unless_representative(decided_by.id, person)
    return _write(actor, person, decided_by.id, organisation, purpose, text_version, Consent.Channel.PAPER, at)


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent: Consent, at: datetime) -> None:
    """Take a yes back: whoever gave it, or whoever may decide for the person today. Nothing else is asked."""
    _take_back(actor, consent, _decider(actor, consent.person), at, Consent.Channel.PAGE)


@transaction.atomic
def record_withdrawal_on_paper(*, actor: Actor, consent: Consent, withdrawn_by: Person, at: datetime) -> None:
    """Enter that somebody took a yes back on paper, as easily as it was given.

    withdrawn_by  whoever gave it, or who may decide for the person today
    refuses       MayNotDecide
    """
    require(actor, Permission.CONSENT_RECORD, within=consent)
    if withdrawn_by.id not in (consent.decided_by_id, consent.person_id):
        _refuse_unless_representative(withdrawn_by.id, consent.person)
    _take_back(actor, consent, withdrawn_by.id, at, Consent.Channel.PAPER)


def _take_back(actor: Actor, consent: Consent, by: int, at: datetime, channel: Consent.Channel) -> None:
    withdrawn = Consent.objects.filter(id=consent.id, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by_id=by)
    if withdrawn:
        audit.record(
            actor, "consent.withdrawn", consent, purpose=consent.purpose, person=consent.person_id, by=by,
            channel=channel,
        )  # fmt: skip
        events.publish(
            ConsentWithdrawn(
                organisation_id=consent.organisation_id,
                consent_id=consent.id,
                person_id=consent.person_id,
                purpose=consent.purpose,
            )
        )


def _decider(actor: Actor, person: Person) -> int:
    """The person id of the actor, if it is the person or may decide for it."""
    if actor.person_id is None:
        raise Forbidden
    if actor.person_id != person.id:
        if person.id not in actor.wards:
            raise Forbidden
        _refuse_unless_representative(actor.person_id, person)
    return actor.person_id


def _refuse_unless_representative(guardian_id: int, child: Person) -> None:
    rights = registry.guardians_of([child.id]).get(child.id, [])
    if not any(right.guardian_id == guardian_id and right.may_decide for right in rights):
        raise MayNotDecide


def _write(
    actor: Actor,
    person: Person,
    decided_by: int,
    organisation: Organisation,
    purpose: str,
    text_version: str,
    channel: Consent.Channel,
    at: datetime,
) -> Consent:
    if purpose not in extensions.purposes or extensions.purposes[purpose].version != text_version:
        raise TextHasChanged
    capacity = Consent.Capacity.SELF if decided_by == person.id else Consent.Capacity.REPRESENTATIVE
    Consent.objects.filter(person=person, purpose=purpose, decided_by_id=decided_by, withdrawn_at=None).exclude(
        text_version=text_version
    ).update(withdrawn_at=at, withdrawn_by_id=decided_by)
    consent, is_new = Consent.objects.get_or_create(
        person=person,
        purpose=purpose,
        decided_by_id=decided_by,
        withdrawn_at=None,
        defaults={
            "organisation": organisation,
            "text_version": text_version,
            "capacity": capacity,
            "channel": channel,
            "recorded_by_id": actor.account_id,
            "given_at": at,
        },
    )
    if not is_new:
        raise ConsentStandsAlready
    audit.record(
        actor, "consent.given", consent, purpose=purpose, version=text_version, person=person.id, by=decided_by
    )
    return consent
