"""The comment bank."""

from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.gradebook.models import Phrase
from khue.schools.models import SchoolClass


def own_phrases(actor: Actor) -> QuerySet[Phrase]:
    """The actor's own sentences by their letters. One query."""
    return Phrase.objects.filter(owner_id=actor.account_id or 0).order_by("text", "id")


def phrase_of(actor: Actor, public_id: UUID) -> Phrase:
    """Raises NotFound, also when it exists but is somebody else's."""
    return one(own_phrases(actor), public_id=public_id)


def phrases_of(actor: Actor, school_class: SchoolClass) -> list[str]:
    """The sentences a teacher is offered for remarks on a class. One query."""
    return _texts(actor, school_class.organisation_id)


@compiled
def _texts(actor: Actor, organisation_id: int) -> QuerySet[Phrase, str]:
    return own_phrases(actor).filter(organisation_id=organisation_id).values_list("text", flat=True)[:200]
