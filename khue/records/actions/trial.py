"""Signing as a trial, on a node that holds a demonstration. docs/decisions/0301"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.records import sealing
from khue.records.models import TrialAuthority
from khue.records.queries.signing import TRIAL


@transaction.atomic
def make_trial_authority(*, actor: Actor, at: datetime) -> bool:
    """Let this node trust an authority that it makes for itself, while its operator names none. Twice changes nothing.

    returns  whether the node has one: never where the operator has named roots
    """
    from khue.records.signing.demonstration import DemonstrationAuthority

    if not actor.is_system:
        raise Forbidden
    if settings.TRUST_FILE:
        return False
    made = DemonstrationAuthority.made(at)
    _row, is_new = TrialAuthority.objects.get_or_create(
        id=1, defaults={"root": made.root, "sealed": sealing.seal(made.written(), TRIAL), "made_at": at}
    )
    if is_new:
        audit.record(actor, "trial_authority.made", None)
    return True
