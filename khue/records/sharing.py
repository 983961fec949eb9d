"""What a holder may show of a transcript, and the code that opens it."""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from khue.records.content import Content, Pupil, Result, Subject

MOST_DAYS = 365
#: 80 bits: nobody finds one by trying, and a person can type it.
CODE_BYTES = 10


class Part(StrEnum):
    """A part of a sheet that is shown or not; that it is genuine, which year and which school is always told."""

    NAME = "name"
    IDENTITY = "identity"
    MARKS = "marks"
    RESULTS = "results"
    REMARKS = "remarks"


def limited(content: Content, parts: Collection[Part]) -> Content:
    """The content with nothing in it but these parts; whose school and which year it is always stays."""
    pupil = content.pupil if Part.IDENTITY in parts else Pupil(content.pupil.full_name if Part.NAME in parts else "")
    return replace(
        content, pupil=pupil, reason="", homeroom_teacher="",
        subjects=_without_remarks(content.subjects, parts) if Part.MARKS in parts else (),
        items=content.items if Part.MARKS in parts else (),
        result=content.result if Part.RESULTS in parts else Result(),
        completes=content.completes if Part.RESULTS in parts else "",
        remarks=content.remarks if Part.REMARKS in parts else (),
    )  # fmt: skip


def _without_remarks(subjects: tuple[Subject, ...], parts: Collection[Part]) -> tuple[Subject, ...]:
    return subjects if Part.REMARKS in parts else tuple(replace(one, remark="") for one in subjects)


def code_of(public_id: UUID) -> str:
    """The code of a share: made from its row with the node's secret, so that it stands in no table."""
    found = hmac.digest(_key(b"code"), public_id.bytes, hashlib.sha256)[:CODE_BYTES]
    return base64.b32encode(found).decode()


def hash_of(code: str) -> bytes:
    """What the table keeps of a code."""
    return hmac.digest(_key(b"hash"), tidy(code).encode(), hashlib.sha256)


def tidy(code: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:64]


def grouped(code: str) -> str:
    """A code for people: four letters at a time."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _key(purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"khue.records.share." + purpose).derive(settings.SECRET_KEY.encode())
