"""Passkeys (WebAuthn level 2), by the fido2 library: what to ask a browser, and whether its answer holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

State = Mapping[str, object]


class Unproved(Exception):
    """The browser's answer does not hold: another place, another challenge, an unknown key, a wrong signature."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key a browser has just made.

    data        the attested credential data: identifier and public key
    """

    credential_id: bytes
    data: bytes
    sign_count: int


def ask_for_new_key(host: str, *, user: bytes, name: str, known: Sequence[bytes]) -> tuple[str, State]:
    """What the browser is asked when a key is made (JSON), and the state the answer is checked against.

    host    where the key will be good for: the node's name
    user    an opaque identifier of the account, kept in the key
    known   data of keys the account has: a device that holds one refuses
    """
    options, state = _server(host).register_begin(
        PublicKeyCredentialUserEntity(id=user, name=name, display_name=name),
        [AttestedCredentialData(data) for data in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), state


def new_key(host: str, state: State, answer: str) -> NewKey:
    """The key the browser made. Raises Unproved."""
    try:
        made = _server(host).register_complete(state, RegistrationResponse.from_dict(json.loads(answer)))
        data = made.credential_data
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unproved from error
    if data is None or isinstance(data.public_key, UnsupportedKey):
        raise Unproved
    return NewKey(data.credential_id, bytes(data), made.counter)


def ask_for_proof(host: str, known: Sequence[bytes]) -> tuple[str, State]:
    """What the browser is asked when someone signs in (JSON), and the state the answer is checked against.

    known   data of the account's keys; empty lets the device offer whatever it holds for this place
    """
    options, state = _server(host).authenticate_begin(
        [AttestedCredentialData(data) for data in known] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), state


def claimed_key(answer: str) -> bytes:
    """The identifier of the key that the answer says it comes from. Raises Unproved."""
    return bytes(_authentication(answer).raw_id)


def proved_count(host: str, state: State, data: bytes, answer: str) -> int:
    """The key's signature counter, once its signature has been checked. Raises Unproved."""
    authentication = _authentication(answer)
    try:
        _server(host).authenticate_complete(state, [AttestedCredentialData(data)], authentication)
    except (ValueError, KeyError, TypeError) as error:
        raise Unproved from error
    return int(authentication.response.authenticator_data.counter)


def _authentication(answer: str) -> AuthenticationResponse:
    try:
        return cast(AuthenticationResponse, AuthenticationResponse.from_dict(json.loads(answer)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unproved from error


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Khuê"))
