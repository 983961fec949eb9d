"""How much a school speaks with families and pupils here."""

from datetime import datetime

from khue.messaging.models import Announcement, Conversation


def count_conversations(organisation_id: int, since: datetime) -> int:
    """Conversations begun at a school since then. One query."""
    return Conversation.objects.filter(organisation_id=organisation_id, begun_at__gte=since).count()


def count_told(organisation_id: int, since: datetime) -> int:
    """Announcements a school has told since then. One query."""
    return Announcement.objects.filter(organisation_id=organisation_id, told_at__gte=since).count()
