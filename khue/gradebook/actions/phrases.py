"""What a teacher does with the comment bank."""

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.gradebook.access import Permission
from khue.gradebook.models import Phrase


@transaction.atomic
def keep_phrase(*, actor: Actor, organisation_id: int, text: str) -> Phrase:
    """Keep a sentence to use it again in remarks. The same sentence is kept once."""
    require(actor, Permission.MARK_READ, within=organisation_id)
    phrase, is_new = Phrase.objects.get_or_create(
        organisation_id=organisation_id, owner_id=actor.account_id, text=text.strip()
    )
    if is_new:
        audit.record(actor, "phrase.kept", phrase)
    return phrase


@transaction.atomic
def remove_phrase(*, actor: Actor, phrase: Phrase) -> None:
    """Forget one's own sentence; remarks that use it stay as they are."""
    require(actor, Permission.MARK_READ, within=phrase)
    if phrase.owner_id != actor.account_id:
        raise Forbidden
    audit.record(actor, "phrase.removed", phrase)
    phrase.delete()
