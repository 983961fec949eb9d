"""Calls of banks: how one proves where it comes from, and what it may say. docs/decisions/0120

A call carries the second it was made at and a signature: HMAC-SHA256, in hexadecimal digits, of that second as digits,
a point, and the body, under the secret of the address.
"""

import base64
import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings

from khue.payments.lines import Line
from khue.payments.statements.text import LARGEST, clean

#: How far the bank's clock may be from ours, and how long a call that was listened in on is good for anything.
WINDOW = timedelta(minutes=5)
MOST_BYTES = 1024 * 1024
MOST_TRANSFERS = 5_000


class NotSigned(Exception):
    """The call is not from whom it should be, or not from now."""


class Unreadable(Exception):
    """Signed, but not what a call says. The text is for the bank's programmer."""


class _Transfer(msgspec.Struct, forbid_unknown_fields=False):
    reference: str
    on: date
    amount: int
    purpose: str
    payer: str = ""


class _Call(msgspec.Struct):
    transactions: list[_Transfer]


_decode = msgspec.json.Decoder(_Call).decode


def secret_of(hook: UUID) -> str:
    """The secret of an address. It follows from the node's own and is stored nowhere; a new address has a new one."""
    return base64.b32encode(_keyed(settings.SECRET_KEY.encode(), b"khue.payments.hook\0" + hook.bytes)).decode()[:48]


def signature_of(secret: str, second: str, body: bytes) -> str:
    """What the header X-Khue-Signature holds."""
    return _keyed(secret.encode(), second.encode() + b"." + body).hex()


def refuse_unsigned(hook: UUID, *, second: str, signature: str, body: bytes, at: datetime) -> None:
    """Raises NotSigned unless the body was signed with the secret of the address, and just now."""
    is_digits = second.isascii() and second.isdigit() and len(second) <= 11
    if not is_digits or abs(datetime.fromtimestamp(int(second), UTC) - at) > WINDOW:
        raise NotSigned
    wanted = signature_of(secret_of(hook), second, body)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise NotSigned


def lines_in(body: bytes) -> list[Line]:
    """The transfers of a call, each with the bank's own number. Raises Unreadable."""
    try:
        call = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if len(call.transactions) > MOST_TRANSFERS:
        raise Unreadable(f"more than {MOST_TRANSFERS} transactions")
    return [_line(number, transfer) for number, transfer in enumerate(call.transactions)]


def _line(number: int, transfer: _Transfer) -> Line:
    reference = clean(transfer.reference).strip()
    if not 0 < len(reference) <= 100 or reference.startswith("~"):
        raise Unreadable(f"transactions[{number}].reference: 1 to 100 characters, none of ~ at the beginning")
    if not 0 < transfer.amount < LARGEST:
        raise Unreadable(f"transactions[{number}].amount: a whole number of dong above 0")
    return Line(transfer.on, transfer.amount, clean(transfer.purpose)[:500], reference, clean(transfer.payer)[:200])


def _keyed(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
