"""Conversations as tests begin them."""

from uuid import uuid4

from khue.identity.models import Account
from khue.messaging import actions
from khue.messaging.actions import LineDraft
from khue.messaging.extensions import relations
from khue.messaging.models import Conversation, ConversationPolicy, Line
from tests.world import NOON, TODAY, YEAR_START, School, World, actor


def begin(here: School, pupil: int = 0, *, with_pupil: bool = False) -> Conversation:
    """The teacher's conversation about one child."""
    child = here.pupils[pupil].person_id
    partner = next(
        p for p in relations.filling.partners(here.teacher.person_id, TODAY)
        if p.about_id == child and (p.family_id == child) == with_pupil
    )  # fmt: skip
    return actions.begin_conversation(actor=actor(here.teacher), partner=partner, with_pupil=with_pupil, at=NOON)


def write(conversation: Conversation, by: Account, text: str = "Con hôm nay thế nào ạ?", **draft: object) -> Line:
    """A line by an account, under a new key unless one is given."""
    at = draft.pop("at", NOON)
    draft.setdefault("key", uuid4())
    return actions.write_line(actor=actor(by), conversation=conversation, draft=LineDraft(text=text, **draft), at=at)


def decide(world: World, **policy: object) -> ConversationPolicy:
    """What the school has decided from the beginning of the year."""
    given = {
        "pupils_may_write": True, "families_may_begin": True, "retention_months": None, "quiet_from": "21:00",
        "quiet_to": "06:00", "set_by_name": "Trần Văn Bình", "set_at": NOON, "valid_from": YEAR_START,
    }  # fmt: skip
    return ConversationPolicy.objects.create(organisation=world.here.organisation, **(given | policy))
