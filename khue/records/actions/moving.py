"""The whole record of a pupil who moves to a school on another node: what the school has sealed, and nobody's PIN."""

import hashlib
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.records.access import Permission
from khue.records.actions.lists import packed_as_listed
from khue.records.models import Issue, Transcript
from khue.records.refusals import NoListYet
from khue.registry.models import Organisation, Person


@transaction.atomic
def hand_over_whole_record(
    *, actor: Actor, organisation: Organisation, person: Person, to: str, at: datetime
) -> bytes | None:
    """The pupil's whole record as one signed package, for the school it moves to. Written down as given out.

    to       the school that receives it
    returns  None where nothing was sealed yet: a pupil moves without it, and the record follows
    source   domain §5.2: the school that is left hands the records over
    """
    require(actor, Permission.SHEET_ISSUE, within=organisation.id)

    # What other schools of this node have sealed is the pupil's as well.
    with scope.raised(actor):
        transcript = Transcript.objects.filter(person=person).first()
        if transcript is None:
            return None
        try:
            made = packed_as_listed(transcript)
        except NoListYet:
            return None
    digest = hashlib.sha256(made).hexdigest()
    Issue.objects.create(
        organisation=organisation, transcript=transcript, kind="package", to=to.strip()[:200], digest=digest,
        by_id=actor.account_id, by_name=actor.name, at=at,
    )  # fmt: skip
    audit.record(actor, "transcript.handed_over", transcript, sha256=digest, to=to)
    return made
