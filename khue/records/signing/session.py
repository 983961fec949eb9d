"""Signing many documents with one key: the token is opened, the authorities are asked, once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from asn1crypto import cms

from khue.records.signing import xades
from khue.records.signing.evidence import Authorities, Evidence
from khue.records.signing.keys import KeyMissing, Signer, holds
from khue.records.signing.stamps import Lines, Stamper
from khue.records.signing.xades import Claim, Signed


@dataclass(frozen=True, slots=True)
class Made:
    """A signature: the canonical ds:Signature element, and the instant of its time stamp."""

    xml: bytes
    stamped_at: datetime


class Session:
    """One key at work. A context manager: closes key and lines.

    place  how many bytes a seal took in the last PDF; 0 before the first
    """

    def __init__(self, signer: Signer, tsa: str, anchors: Sequence[bytes], lines: Lines = None) -> None:
        self.signer = signer
        self.place = 0
        self.stamper = Stamper(tsa, lines)
        self.anchors = tuple(anchors)
        self._authorities = Authorities(anchors, lines)

    def sign(self, contents: Sequence[bytes], role: str, at: datetime) -> list[Made]:
        """A person's signature under each of these contents. Raises SigningTrouble."""
        return self._signed([hashlib.sha256(content).digest() for content in contents], role, at)

    def seal(self, contents: Sequence[bytes], signatures: Sequence[list[bytes]], at: datetime) -> list[bytes]:
        """The sealed documents of contents with the signatures under each. Raises SigningTrouble."""
        digests = [xades.sealed_digest(*each) for each in zip(contents, signatures, strict=True)]
        seals = self._signed(digests, xades.SEAL, at)
        return [
            xades.document(content, [*under, seal.xml])
            for content, under, seal in zip(contents, signatures, seals, strict=True)
        ]

    def evidence(self) -> tuple[Evidence, Evidence]:
        """What authorities say of the signer's certificate, and of the time stamper's."""
        own = self.signer.certificate
        stamping = [self._authorities.about(one, self.stamper.certificates()) for one in self._stamping_certificates()]
        return self._authorities.about(own.own, own.chain), sum(stamping, Evidence())

    def _stamping_certificates(self) -> list[bytes]:
        found = self.stamper.certificates()
        return found[:1]

    def _signed(self, digests: Sequence[bytes], role: str, at: datetime) -> list[Made]:
        own = self.signer.certificate
        claims = [Claim(role, own.own, at, digest) for digest in digests]
        messages = [xades.message_of(claim) for claim in claims]
        values = self.signer.sign(messages)
        if not all(holds(own.own, *each) for each in zip(messages, values, strict=True)):
            raise KeyMissing("the key is not the one of the certificate")
        evidence, stamp_evidence = self.evidence()
        tokens = self.stamper.tokens([xades.stamped_bytes(value, own.own) for value in values])
        made = []
        for claim, value, token in zip(claims, values, tokens, strict=True):
            element = xades.element_of(Signed(claim, value, token, evidence, stamp_evidence))
            made.append(Made(element, instant_of(token)))
        return made

    def close(self) -> None:
        self.signer.close()
        self.stamper.close()
        self._authorities.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def instant_of(token: bytes) -> datetime:
    """When a time stamp was given."""
    signed = cms.ContentInfo.load(token)["content"]
    found: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    return found.astimezone(UTC)
