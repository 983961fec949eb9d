"""Speaking to another node over HTTP: every request signed, every answer's signature checked. The edge of this room.

It knows no tables. What it is given of another node is its name, address and public keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from khue.exchange import signatures
from khue.exchange.answers import Answer, Handed, HeldLine, Listed, Standing
from khue.exchange.envelope import Envelope
from khue.exchange.letter_answers import Behind, Changes, Listing, Passed, Sealed
from khue.exchange.signatures import AnswerClaims, BadSignature, RequestClaims, Signer, digest_of
from khue.foundation import calls, clock

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
REQUEST, ANSWER = "khue-request", "khue-answer"
SIGNATURE = "Khue-Signature"
NONCE = "Khue-Nonce"
#: With every answer to a node below: up to which change its list of schools goes. A hint; the changes are signed.
LISTED = "Khue-Listed"
#: Seconds for an answer, and for a connection.
ANSWER_SECONDS, CONNECT_SECONDS = 60.0, 5.0
#: Bytes of an answer: a leaf of the tree of a whole country, or a few hundred records.
LONGEST_ANSWER = 32 * 1024 * 1024


class PeerUnreachable(Exception):
    """No answer, or a half one: the line, the address, or the node is down. Trying again is safe."""


class PeerUntrusted(Exception):
    """The answer is not signed by the peer: somebody else stands there, or its keys have changed."""


class PeerRefused(Exception):
    """The peer said no, and said why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


class _Problem(msgspec.Struct):
    code: str = ""
    detail: str = ""


class Digests(msgspec.Struct, frozen=True):
    """The digests under each of the places that were asked for."""

    under: list[list[str]]


class Lines(msgspec.Struct, frozen=True):
    """Lines of a work list, and the last one's number to go on after."""

    lines: list[HeldLine]
    last: int


@dataclass
class Caller:
    """One run of requests to one node. Not for several threads.

    clock_seconds  how far the other node's clock is ahead of ours, once it has answered
    listed_up_to   up to which change its list of schools goes, as it says with every answer; 0 where it does not
    """

    signer: Signer
    node: str
    address: str
    keys: Sequence[Mapping[str, str]]
    transport: httpx.BaseTransport | None = None
    timeout: httpx.Timeout | None = None
    clock_seconds: int | None = None
    listed_up_to: int = 0
    _nonce: str = ""
    _http: httpx.Client | None = field(default=None, repr=False)

    def __enter__(self) -> Caller:
        import httpx

        timeout = self.timeout or httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self._http = calls.client(timeout=timeout, transport=self.transport, trust_env=False)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._http is not None:
            self._http.close()

    def standing(self) -> Standing:
        """How far the other node has come with what we sent."""
        return self._ask("/standing", b"", Standing)

    def send(self, batch: bytes) -> Answer:
        """Hand over a batch."""
        return self._ask("/batches", batch, Answer)

    def digests(self, places: Sequence[str]) -> list[list[str]]:
        """The other node's digests under each of these places of the tree."""
        return self._ask("/digests", msgspec.json.encode(list(places)), Digests).under

    def listed(self, leaves: Sequence[str]) -> list[Listed]:
        """What the other node has in these leaves of the tree."""
        return self._ask("/leaves", msgspec.json.encode(list(leaves)), list[Listed])

    def copies(self, keys: Sequence[tuple[str, str]]) -> list[Envelope]:
        """What the other node has of our own records."""
        return self._ask("/copies", msgspec.json.encode(list(keys)), list[Envelope])

    def lines(self, after: int) -> Lines:
        """What is held back of ours, there and above."""
        return self._ask("/held", msgspec.json.encode(after), Lines)

    def handed(self, after: int) -> list[Handed]:
        """What was handed over to us there, behind a number."""
        return self._ask("/handed", msgspec.json.encode(after), list[Handed])

    def hand_back(self, line: bytes) -> bool:
        """Say that we keep our school's rows no longer. Returns whether that is new there."""
        return bool(self._ask("/handed-back", line, Passed).count)

    def listing(self, after: str) -> Listing:
        """The schools of other nodes behind this code, and those nodes."""
        return self._ask("/schools", msgspec.json.encode(after), Listing)

    def changes(self, after: int) -> Changes:
        """What changed in the list of schools behind this position."""
        return self._ask("/schools/changed", msgspec.json.encode(after), Changes)

    def tell(self, nodes: Sequence[Behind]) -> int:
        """Say which nodes lie below us. Returns how many of them the other node believes."""
        return self._ask("/nodes", msgspec.json.encode(list(nodes)), Passed).count

    def hand_over(self, letter: bytes) -> None:
        """Hand over a letter for the other node, or for one it knows the way to."""
        self._ask("/letters", letter, Passed)

    def letters(self, after: int) -> list[Sealed]:
        """Letters that the other node keeps for us, behind that number."""
        return self._ask("/letters/waiting", msgspec.json.encode(after), list[Sealed])

    def drop(self, fetched: Sequence[tuple[int, bytes]]) -> int:
        """Say that we have these letters, so that they are kept no longer."""
        passed = [(key, digest_of(content)) for key, content in fetched]
        return self._ask("/letters/passed", msgspec.json.encode(passed), Passed).count

    def _ask(self, path: str, body: bytes, kind: type[T]) -> T:
        """One signed request. The nonce of the answer before is used again; a fresh one is taken when it is refused."""
        for _attempt in range(2):
            if not self._nonce:
                self._nonce = self._fresh_nonce()
            status, answer = self._post(path, body)
            if status == 401 and _problem(answer).code == "stale_nonce":
                self._nonce = ""
                continue
            if status != 200:
                told = _problem(answer)
                raise PeerRefused(status, told.code, told.detail)
            try:
                return msgspec.json.decode(answer, type=kind)
            except (msgspec.DecodeError, ValueError) as error:
                raise PeerUnreachable(f"an answer that nobody understands: {error}") from error
        raise PeerRefused(401, "stale_nonce", "the node gives nonces that it refuses")

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        assert self._http is not None, "used outside its with block"
        claims = RequestClaims(
            typ=REQUEST, iss=self.signer.node, aud=self.node, path=path, nonce=self._nonce, body=digest_of(body)
        )
        headers = {"Authorization": f"Bearer {self.signer.sign(claims)}", "Content-Type": "application/octet-stream"}
        response = self._received("POST", path, headers, body)
        self._check(response, body)
        return response.status_code, response.content

    def _received(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        import httpx

        assert self._http is not None, "used outside its with block"
        request = self._http.build_request(method, f"{self.address}/api/exchange{path}", headers=headers, content=body)
        try:
            response = self._http.send(request, stream=True)
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LONGEST_ANSWER:
                    raise PeerUnreachable("an answer that is too long")
            response._content = bytes(content)
            return response
        except httpx.HTTPError as error:
            raise PeerUnreachable(f"{type(error).__name__}: {error}") from error

    def _fresh_nonce(self) -> str:
        response = self._received("POST", "/nonce", {"Authorization": "Bearer none"}, b"")
        nonce = str(response.headers.get(NONCE, ""))
        if response.status_code != 200 or not nonce:
            raise PeerUnreachable(f"no nonce: status {response.status_code}")
        return nonce

    def _check(self, response: httpx.Response, body: bytes) -> None:
        """An answer counts only when the peer signed it, for this very request."""
        try:
            claims = signatures.verified(
                response.headers.get(SIGNATURE, ""), AnswerClaims, typ=ANSWER, peer_keys=self.keys, iss=self.node,
                aud=self.signer.node,
            )  # fmt: skip
        except BadSignature as error:
            if response.status_code in (502, 503, 504):
                raise PeerUnreachable(f"status {response.status_code}") from error
            raise PeerUntrusted(f"status {response.status_code}, {error}") from error
        said = (claims.nonce, claims.request, claims.body, claims.status)
        if said != (self._nonce, digest_of(body), digest_of(response.content), response.status_code):
            raise PeerUntrusted("an answer to another request, or changed on the way")
        self.clock_seconds = claims.seconds - int(clock.now().timestamp())
        listed = str(response.headers.get(LISTED, ""))
        self.listed_up_to = int(listed) if listed.isascii() and listed.isdecimal() and len(listed) < 19 else 0


def _problem(answer: bytes) -> _Problem:
    try:
        return msgspec.json.decode(answer, type=_Problem)
    except (msgspec.DecodeError, ValueError):
        return _Problem()
