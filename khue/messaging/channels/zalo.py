"""Zalo Official Account, notifications by template to a telephone number (docs/decisions/0153).

POST KHUE_ZALO_URL, header "access_token", {"phone", "template_id", "template_data", "tracking_id"}. Zalo answers 200 to
everything; what counts is "error" in the body, 0 for taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from khue.messaging.channels import gateway
from khue.messaging.channels.parcels import Delayed, Outcome, Parcel, Refused, Taken

if TYPE_CHECKING:
    import httpx

#: What is the operator's to mend, a token or a quota: trying again at once is no use, failing families neither.
OPERATORS = frozenset({-124, -216, -147, -211})
REST = timedelta(minutes=15)
#: Values of a template are short.
LONGEST = 100


class _Zalo:
    code = "zalo"
    batch = 20
    rings = True

    def is_on(self) -> bool:
        return bool(settings.ZALO_URL and settings.ZALO_TEMPLATE)

    def can_send(self) -> bool:
        return self.is_on()

    def per_minute(self) -> int:
        return int(settings.ZALO_PER_MINUTE)

    def send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        with gateway.client() as client:
            return [_send_one(client, parcel) for parcel in parcels]


ZALO = _Zalo()


def _send_one(client: httpx.Client, parcel: Parcel) -> Outcome:
    import httpx

    number = gateway.international(parcel.address)
    if not number:
        return Refused(f"not a Vietnamese telephone number: {parcel.address[:20]}")
    body = {
        "phone": number,
        "template_id": settings.ZALO_TEMPLATE,
        "template_data": {
            "school": parcel.sender[:LONGEST],
            "subject": parcel.subject[:LONGEST],
            "date": f"{parcel.told_at:%d/%m/%Y}",
        },
        "tracking_id": str(parcel.id),
    }
    try:
        answer = client.post(settings.ZALO_URL, json=body, headers={"access_token": settings.ZALO_TOKEN})
    except httpx.HTTPError as error:
        return Delayed(f"{type(error).__name__}: {error}")
    return gateway.trouble(answer) or _verdict(answer)


def _verdict(answer: httpx.Response) -> Outcome:
    try:
        said = answer.json()
        code = int(said["error"])
    except (ValueError, KeyError, TypeError):
        return Delayed(f"not understood: {answer.text[:200]}")
    if code == 0:
        data = said.get("data")
        return Taken(str(data.get("msg_id", ""))[:100] if isinstance(data, dict) else "")
    reason = f"{code} {str(said.get('message', ''))[:200]}"
    return Delayed(reason, REST) if code in OPERATORS else Refused(reason)
