"""One record as it travels, and the hash by which two nodes know that they hold the same.

source  domain §1.8: IdBanGhi, SuKien, PhienBan, ThoiGianCapNhat, NgayCapNhat on every record
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

import msgspec

from khue.foundation.clock import VIETNAM

#: What a field may hold: text, a number, a part with named fields, or a list of such parts.
Value = Any
Payload = dict[str, Value]
EVENTS = ("NEW", "UPdate", "CANCEL")
CANCEL = "CANCEL"
#: A version is a positive 31-bit number, in the specification and in the table.
MOST_VERSION = 2**31 - 1
BUCKETS = 4096
_plain = msgspec.json.Encoder(order="deterministic")


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One record under way. `Loai` is the kind, `DuLieu` the fields; the other names are the specification's.

    MaTruong         code of the school it belongs to, also where its own fields do not say so
    ThoiGianCapNhat  when it changed, by the sender's clock: information for people, never an order
    NamHoc           code of the school year it belongs to; left out of what lasts
    """

    IdBanGhi: Annotated[str, msgspec.Meta(min_length=1, max_length=150)]
    Loai: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    MaTruong: Annotated[str, msgspec.Meta(max_length=35)]
    SuKien: Annotated[str, msgspec.Meta(max_length=6)]
    PhienBan: Annotated[int, msgspec.Meta(ge=1, le=MOST_VERSION)]
    ThoiGianCapNhat: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")]
    NgayCapNhat: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")]
    DuLieu: Payload
    NamHoc: Annotated[str, msgspec.Meta(max_length=9)] = ""


def hash_of(kind: str, key: str, event: str, payload: Payload) -> bytes:
    """16 bytes that two nodes compute alike for the same content, whatever the order of its fields.

    Of the event only whether the record is cancelled: NEW and UPdate say the same about it.
    """
    said = (kind, key, event == CANCEL, payload)
    return hashlib.blake2b(_plain.encode(said), digest_size=16).digest()


def bucket_of(kind: str, key: str) -> int:
    """Which of the 4096 leaves of the tree of hashes a record belongs to."""
    return int.from_bytes(hashlib.blake2b(f"{kind}\0{key}".encode(), digest_size=2).digest(), "big") >> 4


def projected(payload: Payload, allowed: Collection[str]) -> Payload:
    """What of a payload a level may see."""
    return {name: value for name, value in payload.items() if name in allowed}


def wall_clock(at: datetime) -> str:
    """An instant as the specification writes it, by the clock on the wall in Vietnam."""
    return at.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M:%S")


def instant_of(text: str) -> datetime:
    """The instant behind such a text. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=VIETNAM)
