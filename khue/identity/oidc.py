"""OpenID Connect, the part of whoever relies on it: authorization code with PKCE, state and nonce; a checked id_token.

This is the edge: it speaks HTTP, with limits on time, and knows no tables.
source   OpenID Connect Core 1.0 §3.1; RFC 7636 (PKCE, S256); RFC 9207 (issuer in the answer)
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from khue.foundation import calls

#: Asymmetric signatures only: with "none" or a shared secret anybody could write the token.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
#: Seconds for an answer, and for a connection.
ANSWER_SECONDS, CONNECT_SECONDS = 5.0, 3.0
#: How long what a provider publishes is believed without asking again, seconds.
FRESH = 600
#: How far the clocks of provider and node may be apart, seconds.
LEEWAY = 60


class ProviderFailed(Exception):
    """The provider did not answer, or its answer does not hold. The text is for the log, not for people."""


@dataclass(frozen=True, slots=True)
class Client:
    """This node as the provider knows it.

    number_claim  the claim with the verified 12-digit number, "" where the provider vouches for none
    """

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    number_claim: str


@dataclass(frozen=True, slots=True)
class Request:
    """What must come back unchanged: kept by the browser, sealed."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom the provider says it is."""

    subject: str
    number: str | None


@dataclass(frozen=True, slots=True)
class _Published:
    authorization: str
    token: str
    jwks: str
    basic: bool
    fetched: float


_published: dict[str, _Published] = {}
_keys: dict[str, tuple[KeySet, float]] = {}


def begin(client: Client, back: str) -> tuple[str, Request]:
    """The address at the provider to send the browser to, and what must come back. Raises ProviderFailed."""
    request = Request(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": back,
        "scope": client.scopes,
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _discover(client.issuer).authorization
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", request


def finish(client: Client, back: str, request: Request, *, code: str, state: str, issuer: str) -> Claims:
    """Exchange the code for an id_token and check it. Raises ProviderFailed for everything that does not hold.

    issuer   what the answer says of itself, "" when it says nothing
    """
    if not hmac.compare_digest(state.encode(), request.state.encode()):
        raise ProviderFailed("state differs")
    if issuer and issuer != client.issuer:
        raise ProviderFailed("answer of another issuer")
    published = _discover(client.issuer)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": request.verifier}
    auth = None
    if client.client_secret and published.basic:
        auth = client.client_id, client.client_secret
    else:
        form["client_id"] = client.client_id
        if client.client_secret:
            form["client_secret"] = client.client_secret
    answer = _ask("POST", published.token, form, auth)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("no id_token")
    return claims_of(client, token, request.nonce, keys=lambda again: _key_set(published.jwks, again))


def claims_of(client: Client, token: str, nonce: str, *, keys: Callable[[bool], KeySet]) -> Claims:
    """The claims of an id_token whose signature, issuer, audience, expiry and nonce hold. Raises ProviderFailed.

    keys     the provider's keys; called with True to ask the provider again
    """
    try:
        try:
            decoded = jwt.decode(token, keys(False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # the provider may have changed its keys
            decoded = jwt.decode(token, keys(True), algorithms=ALGORITHMS)
        claims = decoded.claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderFailed(f"id_token: {error}") from error
    others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (others or "azp" in claims) and claims.get("azp") != client.client_id:
        raise ProviderFailed("id_token made for another party")
    number = claims.get(client.number_claim) if client.number_claim else None
    return Claims(str(claims["sub"]), number if isinstance(number, str) and _is_number(number) else None)


def _discover(issuer: str) -> _Published:
    known = _published.get(issuer)
    if known and time.monotonic() - known.fetched < FRESH:
        return known
    said = _ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise ProviderFailed("discovery of another issuer")
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    published = _Published(
        authorization=_safe(said.get("authorization_endpoint")),
        token=_safe(said.get("token_endpoint")),
        jwks=_safe(said.get("jwks_uri")),
        basic=isinstance(methods, list) and "client_secret_basic" in methods,
        fetched=time.monotonic(),
    )
    _published[issuer] = published
    return published


def _key_set(address: str, again: bool) -> KeySet:
    known = _keys.get(address)
    if known and not again and time.monotonic() - known[1] < FRESH:
        return known[0]
    said = _ask("GET", address)
    keys = KeySet.import_key_set(said)  # type: ignore[arg-type]  # a wrong shape raises, and is caught with the token
    _keys[address] = (keys, time.monotonic())
    return keys


def _ask(
    method: str, address: str, form: dict[str, str] | None = None, auth: tuple[str, str] | None = None
) -> dict[str, object]:
    """The JSON object the provider answers with, within the limits on time; no redirect is followed."""
    import httpx

    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    try:
        with calls.client(timeout=timeout, headers={"Accept": "application/json"}) as http:
            response = http.request(method, _safe(address), data=form, auth=auth)
        said = response.json() if response.status_code == 200 else None
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFailed(f"{address}: {error}") from error
    if not isinstance(said, dict):
        raise ProviderFailed(f"{address} answered {response.status_code}")
    return said


def _safe(address: object) -> str:
    """An address over TLS; plain HTTP only to this machine."""
    parts = urlsplit(str(address))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        return str(address)
    raise ProviderFailed(f"unsafe address {address}")


def _is_number(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()
