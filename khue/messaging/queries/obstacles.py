"""What stands in the way of writing: the same answer for the page, which shows it, and the action, which refuses."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal
from khue.messaging.extensions import Partner, relations
from khue.messaging.models import Conversation
from khue.messaging.queries.policies import Policy, policy_of


class ConversationClosed(Refusal):
    code = "conversation_closed"
    message = _("Cuộc trò chuyện đã khép lại, chỉ còn xem được. Thầy, cô giáo có thể mở lại khi cần.")


class NoLongerTeaches(Refusal):
    code = "no_longer_teaches"
    message = _("Thầy, cô không còn dạy em học sinh này, nên cuộc trò chuyện chỉ còn xem được.")


class PupilsMayNotWrite(Refusal):
    code = "pupils_may_not_write"
    message = _("Nhà trường chưa cho học sinh nhắn tin. Em hãy nhờ bố mẹ hoặc gặp thầy, cô ở trường.")


class FamiliesMayNotBegin(Refusal):
    code = "families_may_not_begin"
    message = _(
        "Nhà trường để thầy, cô giáo mở cuộc trò chuyện trước. Quý phụ huynh hãy gọi điện cho nhà trường khi cần."
    )


def obstacle_to_writing(
    actor: Actor, conversation: Conversation, on: date, policy: Policy | None = None
) -> Refusal | None:
    """Why a member may not write in a conversation today; None where it may. At most two queries, and the slot's."""
    if conversation.closed_at is not None:
        return ConversationClosed()
    policy = policy or policy_of(conversation.organisation_id, on)
    if conversation.child_id == actor.person_id and not policy.pupils_may_write:
        return PupilsMayNotWrite()
    child = conversation.child_id
    if not relations.filling.holds(conversation.organisation_id, conversation.teacher_id, child, child, on):
        return NoLongerTeaches()
    return None


def obstacle_to_beginning(actor: Actor, partner: Partner, *, with_pupil: bool, on: date) -> Refusal | None:
    """Why the actor may not begin with a partner; None where it may. One query, and the slot's."""
    policy = policy_of(partner.organisation_id, on)
    if not policy.pupils_may_write and (with_pupil or actor.person_id == partner.about_id):
        return PupilsMayNotWrite()
    if actor.person_id != partner.staff_id and not policy.families_may_begin:
        return FamiliesMayNotBegin()
    if not relations.filling.holds(
        partner.organisation_id, partner.staff_id, partner.family_id, partner.about_id, on
    ):  # fmt: skip
        return NoLongerTeaches()
    return None
