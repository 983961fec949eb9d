"""What a school decides about conversations, and who answers while a teacher is away."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, Refusal
from khue.messaging.access import Permission
from khue.messaging.extensions import relations
from khue.messaging.models import ConversationPolicy, Delegation
from khue.messaging.queries.policies import Policy

# Whoever stands in begins where the teacher has read: what waits for an answer is what is unread.
_READ_AS_FAR = """
    INSERT INTO messaging_reading (organisation_id, conversation_id, person_id, is_staff, last_line_id, read_at)
    SELECT c.organisation_id, c.id, %s, true, r.last_line_id, %s
    FROM messaging_conversation c JOIN messaging_reading r ON r.conversation_id = c.id AND r.person_id = c.teacher_id
    WHERE c.organisation_id = %s AND c.teacher_id = %s
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET last_line_id = greatest(
        messaging_reading.last_line_id, excluded.last_line_id)
"""


class PolicyInThePast(Refusal):
    code = "policy_in_the_past"
    message = _("Quy định mới chỉ có hiệu lực từ hôm nay trở đi. Hãy chọn ngày hôm nay hoặc muộn hơn.")
    field = "valid_from"


class NotAColleague(Refusal):
    code = "not_a_colleague"
    message = _("Người trả lời thay phải đang làm việc ở trường này. Hãy chọn lại.")
    field = "substitute"


class DaysOutOfOrder(Refusal):
    code = "days_out_of_order"
    message = _("Ngày cuối phải từ ngày đầu trở đi và chưa qua.")
    field = "last_on"


class AlreadyAway(Refusal):
    code = "already_away"
    message = _("Trong những ngày này đã có người trả lời thay. Hãy kết thúc lần giao cũ trước.")
    field = "first_on"


@transaction.atomic
def set_policy(
    *, actor: Actor, organisation_id: int, policy: Policy, valid_from: date, at: datetime
) -> ConversationPolicy:
    """Decide what counts about conversations from a day on; decided again for the same day, the later word counts.

    refuses  PolicyInThePast
    """
    require(actor, Permission.TALK_RULES, within=organisation_id)
    if valid_from < at.astimezone(VIETNAM).date():
        raise PolicyInThePast
    decided = asdict(policy)
    made, _is_new = ConversationPolicy.objects.update_or_create(
        organisation_id=organisation_id, valid_from=valid_from,
        defaults={**decided, "set_by_name": actor.name, "set_at": at},
    )  # fmt: skip
    plain = decided | {"quiet_from": f"{policy.quiet_from:%H:%M}", "quiet_to": f"{policy.quiet_to:%H:%M}"}
    audit.record(actor, "conversation_policy.set", made, valid_from=valid_from, **plain)
    return made


@transaction.atomic
def delegate(
    *, actor: Actor, organisation_id: int, teacher_id: int, substitute_id: int, first_on: date, last_on: date,
    at: datetime,
) -> Delegation:  # fmt: skip
    """Have a colleague answer for a teacher from a day to a day, both included. The teacher does so, or the office.

    The colleague reads the teacher's conversations in these days and no longer; families read on the page who answers.
    refuses  NotAColleague, DaysOutOfOrder, AlreadyAway
    """
    _require_may_delegate(actor, organisation_id, teacher_id)
    today = at.astimezone(VIETNAM).date()
    if last_on < first_on or last_on < today:
        raise DaysOutOfOrder
    if substitute_id not in {
        person for person, _name in relations.filling.colleagues(teacher_id, organisation_id, today)
    }:
        raise NotAColleague
    _lock(organisation_id, teacher_id)
    clashes = Delegation.objects.filter(organisation_id=organisation_id, teacher_id=teacher_id, ended_at=None)
    if clashes.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise AlreadyAway
    made = Delegation.objects.create(
        organisation_id=organisation_id, teacher_id=teacher_id, substitute_id=substitute_id, first_on=first_on,
        last_on=last_on, made_by_name=actor.name, made_at=at,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_READ_AS_FAR, [substitute_id, at, organisation_id, teacher_id])
    audit.record(
        actor, "delegation.made", made, teacher=teacher_id, substitute=substitute_id, first_on=first_on, last_on=last_on
    )
    return made


@transaction.atomic
def end_delegation(*, actor: Actor, delegation: Delegation, at: datetime) -> None:
    """End a delegation at once: the colleague's next request opens nothing any more."""
    _require_may_delegate(actor, delegation.organisation_id, delegation.teacher_id)
    if Delegation.objects.filter(id=delegation.id, ended_at=None).update(ended_at=at):
        audit.record(actor, "delegation.ended", delegation)


def _require_may_delegate(actor: Actor, organisation_id: int, teacher_id: int) -> None:
    if actor.may(Permission.TALK_DELEGATE, organisation_id):
        return
    require(actor, Permission.TALK_AS_STAFF, within=organisation_id)
    if actor.person_id != teacher_id:
        raise Forbidden


def _lock(organisation_id: int, teacher_id: int) -> None:
    """Two who delegate for one teacher at the same moment come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [organisation_id % 2**31, teacher_id])
