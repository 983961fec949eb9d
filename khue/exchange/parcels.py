"""A file for a stick: signed batches in one piece, encrypted for the node that is to read them. Pure. decision 0203

    KHUE-EXCHANGE-1\\n<sender's node>\\n<JWE compact of frames>        a frame: four bytes of length, then a batch

A lost stick tells nobody a child's name; a changed file opens for nobody. The way back is an answer, signed and not
encrypted: it names records, rules and fields, and no values.
"""

import struct
from collections.abc import Iterator, Sequence

from joserfc.jwk import OKPKey

from khue.exchange import sealing
from khue.exchange.batches import MOST_COMPRESSED

MAGIC = b"KHUE-EXCHANGE-1"
MOST_BYTES = 512 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class UnusableParcel(Exception):
    """No such file, not for us, or changed. The text is for the operator."""


def packed(node: str, key: OKPKey, batches: Sequence[bytes]) -> bytes:
    """The file with these batches, which only the holder of the key can open."""
    plain = b"".join(_LENGTH.pack(len(batch)) + batch for batch in batches)
    sealed = sealing.sealed(plain, key)
    return b"\n".join([MAGIC, node.encode(), sealed])


def sender_of(data: bytes) -> str:
    """Which node the file says it is from: to find its keys, and for nothing else. Raises UnusableParcel."""
    parts = data[:200].split(b"\n", 2)
    if len(parts) != 3 or parts[0] != MAGIC or len(data) > MOST_BYTES:
        raise UnusableParcel("this is no file of an exchange")
    return parts[1].decode("ascii", "replace")


def opened(data: bytes, key: OKPKey) -> list[bytes]:
    """The batches in the file. Raises UnusableParcel when it is not for this key, or was changed."""
    sender_of(data)
    sealed = data.split(b"\n", 2)[2]
    try:
        plain = sealing.unsealed(sealed, key)
    except sealing.NotForUs as error:
        raise UnusableParcel("this file is for another node, or was changed on its way") from error
    return list(_frames(plain))


def _frames(plain: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(plain):
        if at + _LENGTH.size > len(plain):
            raise UnusableParcel("the file ends in the middle")
        (length,) = _LENGTH.unpack_from(plain, at)
        at += _LENGTH.size
        if length > MOST_COMPRESSED or at + length > len(plain):
            raise UnusableParcel("the file ends in the middle")
        yield plain[at : at + length]
        at += length
