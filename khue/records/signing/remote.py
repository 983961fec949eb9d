"""Signing at a distance: the part of the Cloud Signature Consortium's API (v1.0.4) that a batch needs.

    POST credentials/info       {"credentialID"}  -> {"cert": {"certificates"}}, DER in base64
    POST credentials/authorize  {"credentialID", "numSignatures", "hash", "PIN"} -> {"SAD"}
    POST signatures/signHash    {"credentialID", "SAD", "hash", "hashAlgo", "signAlgo"} -> {"signatures"}

Which Vietnamese services speak it is not known to us; another one is another class with the same three methods.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import httpx

from khue.foundation import calls
from khue.records.signing.keys import Certificate, KeyMissing, ProviderFailed, WrongSecret

SHA256 = "2.16.840.1.101.3.4.2.1"
RSA_SHA256, ECDSA_SHA256 = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
SECONDS = 20


class RemoteSigner:
    """A credential of a signing service; every batch of hashes is authorised with the PIN."""

    def __init__(self, address: str, token: str, credential: str, pin: str) -> None:
        self._client = calls.client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS)
        self._credential, self._pin = credential, pin
        self._certificate = _certificate(self._asked("credentials/info", {"certificates": "chain"}))

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        hashes = [base64.b64encode(hashlib.sha256(message).digest()).decode() for message in messages]
        authorised = self._asked(
            "credentials/authorize", {"numSignatures": len(hashes), "hash": hashes, "PIN": self._pin}
        )
        algorithm = ECDSA_SHA256 if self._certificate.is_ec else RSA_SHA256
        asked = {"SAD": authorised.get("SAD"), "hash": hashes, "hashAlgo": SHA256, "signAlgo": algorithm}
        found = self._asked("signatures/signHash", asked).get("signatures")
        if not isinstance(found, list) or len(found) != len(hashes):
            raise ProviderFailed("not as many signatures as hashes")
        return [_bytes(one) for one in found]

    def close(self) -> None:
        self._client.close()

    def _asked(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        try:
            answer = self._client.post(path, json={"credentialID": self._credential, **body})
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderFailed(str(error)) from error
        if not isinstance(said, dict):
            raise ProviderFailed("no JSON object")
        if answer.status_code == httpx.codes.OK:
            return said
        if said.get("error") in ("invalid_pin", "invalid_otp"):
            raise WrongSecret
        if said.get("error") == "invalid_request" and answer.status_code == httpx.codes.NOT_FOUND:
            raise KeyMissing
        raise ProviderFailed(str(said.get("error", answer.status_code))[:200])


def _certificate(said: dict[str, Any]) -> Certificate:
    cert = said.get("cert")
    found = cert.get("certificates") if isinstance(cert, dict) else None
    if not isinstance(found, list) or not found:
        raise KeyMissing
    own, *chain = [_bytes(one) for one in found]
    return Certificate(own, tuple(chain))


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise ProviderFailed("no base64") from error
