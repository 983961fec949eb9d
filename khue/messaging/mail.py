"""Sending e-mail over SMTP: which refusals are final, and how a message looks."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from django.conf import settings

from khue.messaging.models import Delivery


class MailRefused(Exception):
    """The server will never take this e-mail: a wrong address, a refused text. Trying again is no use."""


class MailDelayed(Exception):
    """The server did not take it now. To be tried again later."""


def compose(delivery: Delivery) -> EmailMessage:
    """The e-mail of one delivery. Its Message-ID is the delivery's, so that a second copy is known for what it is."""
    message = delivery.message
    mail = EmailMessage()
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = delivery.address
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = formatdate(message.told_at.timestamp())
    mail["Message-ID"] = make_msgid(idstring=str(delivery.public_id), domain="khue.local")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.body}\n\n--\n{message.organisation.name}\n")
    return mail


def send(mails: list[EmailMessage]) -> list[MailRefused | MailDelayed | None]:
    """Send over one connection. returns, in the same order, None for taken by the server, or why not."""
    try:
        with _connected() as server:
            return [_send_one(server, mail) for mail in mails]
    except (OSError, smtplib.SMTPException) as error:
        return [MailDelayed(str(error)) for _ in mails]


def _connected() -> smtplib.SMTP:
    if not settings.EMAIL_HOST:
        raise ConnectionError("KHUE_SMTP names no server")
    server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    if settings.EMAIL_USE_TLS:
        server.starttls()
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return server


def _send_one(server: smtplib.SMTP, mail: EmailMessage) -> MailRefused | MailDelayed | None:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        (code, reason) = next(iter(error.recipients.values()))
        return _verdict(code, reason)
    except smtplib.SMTPResponseException as error:
        return _verdict(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError, UnicodeError) as error:
        return MailRefused(str(error)) if isinstance(error, ValueError) else MailDelayed(str(error))
    return None


def _verdict(code: int, reason: bytes | str) -> MailRefused | MailDelayed:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return MailRefused(f"{code} {text}") if 500 <= code < 600 else MailDelayed(f"{code} {text}")
