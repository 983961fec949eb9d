"""Facts of messaging."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class MailWaiting(Event):
    """E-mails were queued and want to be sent now rather than at the next round."""

    name: ClassVar[str] = "messaging.mail_waiting"
    message_id: int
