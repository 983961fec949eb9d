"""That this node itself once asked: a seal in the ask, which only a node with our secret can make. docs/decisions/0252

The other side sends the ask back with each word. A node that was restored from before it asked knows by the seal that
it did, and nobody can put a pupil on its lists for whom it never asked.
"""

import hashlib
from uuid import UUID

import msgspec

from khue.foundation.sealed import BrokenSeal, seal, unseal
from khue.moves.words import Ask

_PURPOSE = "moves.ask"
#: Everything that was asked, in an order that does not change.
_SAID = (
    "school_code", "school_name", "other_code", "number", "subject_name", "born_on", "applicant_name", "phone", "why",
    "code",
)  # fmt: skip
_decoder = msgspec.msgpack.Decoder(tuple[str, str])


def proved(thread: UUID, ask: Ask) -> Ask:
    """The ask with the seal of this node, for this thread alone."""
    return msgspec.structs.replace(ask, proof=seal(_PURPOSE, (str(thread), _digest(ask))))


def is_ours(thread: UUID, ask: Ask) -> bool:
    """Whether this node asked exactly this in this thread."""
    try:
        return unseal(_PURPOSE, ask.proof, _decoder) == (str(thread), _digest(ask))
    except BrokenSeal:
        return False


def _digest(ask: Ask) -> str:
    said = [f"{getattr(ask, name)}" for name in _SAID]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
