"""Content that does not lie open on the disk: sealed files under keys of their own, uploads under the node's.

A sealed file is a row of pieces of 64 KiB, each AES-256-GCM: the nonce is the piece's number and whether it is the last
one (Hoang, Reyhanitabar, Rogaway, Vizár: STREAM), so that a piece that was moved, left out or cut off does not open.
A key is made for one file and used for nothing else. Any range is read by opening the pieces it touches.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
#: Bytes of content that are sealed together.
PIECE = 64 * 1024
TAG_BYTES = 16
SEALED_PIECE = PIECE + TAG_BYTES
BLOCK = 16


class Damaged(Exception):
    """Sealed content that was changed, cut off, or is asked for with another key."""


def new_key() -> bytes:
    """A key for one file."""
    return os.urandom(KEY_BYTES)


def sealed(content: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Content as it may lie on the disk, piece by piece."""
    cipher, held, number = AESGCM(key), bytearray(), 0
    for part in content:
        held += part
        while len(held) > PIECE:  # what may be the last piece is held until something follows or nothing does
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(held[:PIECE]), None)
            del held[:PIECE]
            number += 1
    if held:
        yield cipher.encrypt(_nonce(number, is_last=True), bytes(held), None)


def size_within(sealed_bytes: int) -> int:
    """How many bytes of content a sealed file of this size holds."""
    return sealed_bytes - -(-sealed_bytes // SEALED_PIECE) * TAG_BYTES


class _Opened(io.RawIOBase):
    """The content of a sealed file, of which any part may be read."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._size, self._at = size_within(os.fstat(file.fileno()).st_size), 0
        self._number, self._piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning of the file")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer)  # type: ignore[arg-type]  # io hands in what can be written to
        if self._at >= self._size or not target:
            return 0
        number, within = divmod(self._at, PIECE)
        part = self._opened(number)[within : within + len(target)]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(number * SEALED_PIECE)
            nonce = _nonce(number, is_last=(number + 1) * PIECE >= self._size)
            try:
                self._piece = self._cipher.decrypt(nonce, self._file.read(SEALED_PIECE), None)
            except InvalidTag:
                raise Damaged from None
            self._number = number
        return self._piece


def opened(path: Path, key: bytes) -> BinaryIO:
    """A sealed file's content, for reading from anywhere in it; the caller closes it. Reading raises Damaged."""
    return io.BufferedReader(_Opened(open(path, "rb"), key), PIECE)


def veiled(content: bytes, *, upload: UUID, offset: int) -> bytes:
    """A part of an unfinished upload as it lies on the disk, and back again: AES-256-CTR from any offset on.

    Nothing is authenticated: the whole is looked at, counted and sealed when it has come. The node's secret opens it.
    """
    blocks, within = divmod(offset, BLOCK)
    key = hashlib.blake2b(upload.bytes, key=_key_of_uploads(settings.SECRET_KEY), digest_size=KEY_BYTES).digest()
    stream = Cipher(algorithms.AES(key), modes.CTR(blocks.to_bytes(BLOCK, "big"))).encryptor()
    stream.update(bytes(within))
    return stream.update(content)


class Unveiled:
    """An upload that has come whole, for reading once from its beginning."""

    def __init__(self, file: BinaryIO, upload: UUID) -> None:
        self._file, self._upload = file, upload

    def read(self, most: int) -> bytes:
        """The next bytes of the content; none at its end."""
        offset = self._file.tell()
        return veiled(self._file.read(most), upload=self._upload, offset=offset)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return (number << 1 | is_last).to_bytes(12, "big")


@cache
def _key_of_uploads(secret: str) -> bytes:
    return hashlib.sha256(f"khue.uploads\0{secret}".encode()).digest()
