"""The tables of messaging, by their canonical path."""

from khue.messaging.models.announcements import (
    Announcement,
    AnnouncementClass,
    AnnouncementCopy,
    AnnouncementFile,
)
from khue.messaging.models.consents import (
    ConsentRuling,
    ConsentSheet,
    ConsentSignature,
)
from khue.messaging.models.conversations import (
    Attachment,
    Conversation,
    ConversationPolicy,
    Delegation,
    Line,
    Reading,
)
from khue.messaging.models.keys import (
    DataKey,
    FileKey,
)
from khue.messaging.models.moderation import (
    Report,
)
from khue.messaging.models.surveys import (
    Survey,
    SurveyAnswer,
    SurveyChoice,
    SurveyQuestion,
    SurveyReply,
    SurveyTally,
)
from khue.messaging.models.telling import (
    Broadcast,
    Delivery,
    Message,
    Pace,
    PushSubscription,
    Tally,
)

__all__ = [
    "Announcement",
    "AnnouncementClass",
    "AnnouncementCopy",
    "AnnouncementFile",
    "Attachment",
    "Broadcast",
    "ConsentRuling",
    "ConsentSheet",
    "ConsentSignature",
    "Conversation",
    "ConversationPolicy",
    "DataKey",
    "Delegation",
    "Delivery",
    "FileKey",
    "Line",
    "Message",
    "Pace",
    "PushSubscription",
    "Reading",
    "Report",
    "Survey",
    "SurveyAnswer",
    "SurveyChoice",
    "SurveyQuestion",
    "SurveyReply",
    "SurveyTally",
    "Tally",
]
