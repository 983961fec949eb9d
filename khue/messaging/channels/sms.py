"""Short messages through a gateway that speaks this contract (docs/decisions/0153).

POST KHUE_SMS_URL, "Authorization: Bearer ...", "Idempotency-Key: <delivery>", {"id", "to": "84912345678", "text"}.
2xx {"id": "..."}: taken. 429 or 5xx: later, after Retry-After seconds if it says so. Any other 4xx: never.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from khue.foundation.text import fold
from khue.messaging.channels import gateway
from khue.messaging.channels.parcels import Delayed, Outcome, Parcel, Refused, Taken

if TYPE_CHECKING:
    import httpx

#: One short message in the alphabet of GSM 03.38; with Vietnamese letters it would be three.
LONGEST = 160


class _Sms:
    code = "sms"
    batch = 20
    rings = True

    def is_on(self) -> bool:
        return bool(settings.SMS_URL)

    def can_send(self) -> bool:
        return self.is_on()

    def per_minute(self) -> int:
        return int(settings.SMS_PER_MINUTE)

    def send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        with gateway.client() as client:
            return [_send_one(client, parcel) for parcel in parcels]


SMS = _Sms()


def text_of(parcel: Parcel) -> str:
    """What fits into one short message, without diacritics: who, what, and to look in the application."""
    text = _plain(f"{parcel.sender}: {parcel.subject}. {parcel.body}")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}..."


def _plain(text: str) -> str:
    return "".join(
        folded.upper() if c.isupper() else folded
        for c in " ".join(text.split())
        for folded in (fold(c) or c,)
        if folded.isascii()
    )


def _send_one(client: httpx.Client, parcel: Parcel) -> Outcome:
    import httpx

    number = gateway.international(parcel.address)
    if not number:
        return Refused(f"not a Vietnamese telephone number: {parcel.address[:20]}")
    try:
        answer = client.post(
            settings.SMS_URL,
            json={"id": str(parcel.id), "to": number, "text": text_of(parcel)},
            headers={"Idempotency-Key": str(parcel.id)} | _proof(),
        )
    except httpx.HTTPError as error:
        return Delayed(f"{type(error).__name__}: {error}")
    failed = gateway.trouble(answer)
    return failed or Taken(_reference(answer))


def _proof() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}


def _reference(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["id"])[:100]
    except (ValueError, KeyError, TypeError):
        return ""
