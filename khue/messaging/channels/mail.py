"""E-mail over SMTP: which refusals are final, and how a message looks."""

import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from django.conf import settings

from khue.messaging.channels.parcels import Delayed, Outcome, Parcel, Refused, Taken


class _Mail:
    code = "email"
    batch = 50
    rings = False

    def is_on(self) -> bool:
        return True  # without KHUE_SMTP mail waits, visibly, until there is a server

    def can_send(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def per_minute(self) -> int:
        return int(settings.MAIL_PER_MINUTE)

    def send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        """Send over one connection."""
        try:
            with _connected() as server:
                return [_send_one(server, compose(parcel)) for parcel in parcels]
        except (OSError, smtplib.SMTPException) as error:
            return [Delayed(str(error)) for _ in parcels]


MAIL = _Mail()


def compose(parcel: Parcel) -> EmailMessage:
    """The e-mail of one delivery. Its Message-ID is the delivery's, so that a second copy is known for what it is."""
    mail = EmailMessage()
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = parcel.address
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["Date"] = formatdate(parcel.told_at.timestamp())
    mail["Message-ID"] = make_msgid(idstring=str(parcel.id), domain="khue.local")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{parcel.body}\n\n--\n{parcel.sender}\n")
    return mail


def _connected() -> smtplib.SMTP:
    server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    if settings.EMAIL_USE_TLS:
        server.starttls()
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return server


def _send_one(server: smtplib.SMTP, mail: EmailMessage) -> Outcome:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        (code, reason) = next(iter(error.recipients.values()))
        return _verdict(code, reason)
    except smtplib.SMTPResponseException as error:
        return _verdict(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError, UnicodeError) as error:
        return Refused(str(error)) if isinstance(error, ValueError) else Delayed(str(error))
    return Taken()


def _verdict(code: int, reason: bytes | str) -> Refused | Delayed:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return Refused(f"{code} {text}") if 500 <= code < 600 else Delayed(f"{code} {text}")
