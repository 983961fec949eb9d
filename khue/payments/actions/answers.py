"""What families answer to voluntary fees."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.payments.access import Permission
from khue.payments.models import Answer, FeeItem
from khue.payments.queries.answers import may_answer
from khue.payments.refusals import NotVoluntary
from khue.registry.models import Person


@transaction.atomic
def answer_fee(*, actor: Actor, item: FeeItem, child: Person, says_yes: bool, at: datetime) -> Answer:
    """Say whether a voluntary fee is wanted for a child. Whoever answers again changes the mind: the latest holds.

    A guardian who decides for the child answers by itself; the office writes down what a family signed on paper. What
    was billed before stays as it is.
    refuses  NotVoluntary; Forbidden to a guardian of another child, or one who may not decide
    source   domain §6.2: a voluntary fee is never forced
    """
    is_office = actor.may(Permission.FEE_WRITE, item)
    require(actor, Permission.FEE_WRITE if is_office else Permission.FEE_ANSWER, within=item)
    if not is_office and not may_answer(actor, child.id):
        raise Forbidden
    if not item.is_voluntary:
        raise NotVoluntary
    made = Answer.objects.create(
        organisation_id=item.organisation_id, item=item, child=child, says_yes=says_yes, on_paper=is_office,
        answered_at=at, answered_by_id=actor.account_id,
    )  # fmt: skip
    audit.record(actor, "fee.answered", made, item=item.id, child=child.id, says_yes=says_yes, on_paper=is_office)
    return made
