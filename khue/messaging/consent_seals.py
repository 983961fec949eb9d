"""What proves a signature: a hash of the wording that was read, and a seal over who signed what, when and how."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything a seal vouches for; ids as the database has them."""

    sheet: str
    child_id: int
    guardian_id: int
    relationship: str
    decision: str
    conditions: str
    wording_hash: str
    proved_by: str
    signed_at: datetime


def wording_of(subject: str, body: str, *, takes_conditions: bool, files: Sequence[tuple[str, str]]) -> str:
    """The wording that is signed, whole: title, text, whether conditions are taken, what is attached by its content.

    files  name and SHA-256 of each attached file
    """
    attached = [f"{name} sha256:{digest}" for name, digest in sorted(files)]
    return "\n\n".join([subject, body, f"conditions:{'yes' if takes_conditions else 'no'}", *attached])


def hash_of(wording: str) -> str:
    """SHA-256 of the wording, in hexadecimal."""
    return hashlib.sha256(wording.encode()).hexdigest()


def seal_of(sealed: Sealed) -> str:
    """HMAC-SHA256 (RFC 2104) over the canonical JSON of what is sealed, in hexadecimal.

    The key is derived from the node's secret. After the secret was changed an old seal can no longer be computed again;
    the audit trail, sealed block by block, still has the seal that was written (docs/decisions/0159).
    """
    content = {**asdict(sealed), "signed_at": sealed.signed_at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(f"khue.messaging.consent\0{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, text.encode(), "sha256").hex()


def is_whole(sealed: Sealed, seal: str) -> bool:
    """Whether the seal is the one of exactly this content."""
    return hmac.compare_digest(seal_of(sealed), seal)
