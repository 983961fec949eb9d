"""What nodes ask each other. Every request is signed by a peer we admitted, every answer by us. docs/decisions/0201

A request brings its signature in Authorization; the body is bytes, signed by its digest. A nonce of ours says that the
request is fresh, by our clock alone. Asking twice changes nothing, at any of these addresses.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse

from khue.exchange import actions, merkle, queries, signatures
from khue.exchange.answers import Answer, Handed, Listed, Standing
from khue.exchange.client import ANSWER, LISTED, NONCE, REQUEST, SIGNATURE, Digests, Lines
from khue.exchange.documented import documented
from khue.exchange.envelope import Envelope
from khue.exchange.letter_answers import Behind, Changes, Listing, Passed, Sealed
from khue.exchange.models import Peer, ThisNode
from khue.exchange.signatures import AnswerClaims, BadSignature, RequestClaims, Signer, digest_of
from khue.foundation import api, clock, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal
from khue.foundation.sealed import BrokenSeal, seal, unseal

router = api.router(tags=["exchange"])
#: Seconds in which a request must use the nonce it was given.
FRESH = 600
#: What may be asked for at once.
MOST_PLACES, MOST_LEAVES, MOST_COPIES = 256, 64, 500
_instant = msgspec.msgpack.Decoder(int)
T = TypeVar("T")

Ask = Callable[[Actor, Peer, bytes], object]


@router.post("/nonce", auth=None, response={200: None})
def give_nonce(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """A fresh nonce in the header Khue-Nonce. It says nothing and is worth nothing without a peer's key."""
    return HttpResponse(headers={NONCE: seal("exchange.nonce", _seconds())})


@router.post("/standing", auth=None, openapi_extra=documented(Standing))
def read_standing(request: HttpRequest) -> HttpResponse:
    """How far the batches of the asking node have come here."""
    return _answered(request, "/standing", lambda _actor, peer, _body: queries.standing_of(peer))


@router.post("/batches", auth=None, openapi_extra=documented(Answer))
def take_batch(request: HttpRequest) -> HttpResponse:
    """Hand over a batch: a signed line, then compressed records. The answer says what was held back and why."""
    return _answered(request, "/batches", _take)


@router.post("/digests", auth=None, openapi_extra=documented(Digests, list[str]))
def read_digests(request: HttpRequest) -> HttpResponse:
    """Digests under each of the places of the tree over what the asking node reported."""
    return _answered(request, "/digests", _digests)


@router.post("/leaves", auth=None, openapi_extra=documented(list[Listed], list[str]))
def read_leaves(request: HttpRequest) -> HttpResponse:
    """Which of the asking node's records stand in these leaves of the tree, in which version."""
    return _answered(request, "/leaves", _leaves)


@router.post("/copies", auth=None, openapi_extra=documented(list[Envelope], list[tuple[str, str]]))
def read_copies(request: HttpRequest) -> HttpResponse:
    """The asking node's own records as they stand here, for it to take back after a restore."""
    return _answered(request, "/copies", _copies)


@router.post("/held", auth=None, openapi_extra=documented(Lines, int))
def read_held(request: HttpRequest) -> HttpResponse:
    """What is held back of the asking node's records, here or above, after a line of that number."""
    return _answered(request, "/held", _held)


@router.post("/handed", auth=None, openapi_extra=documented(list[Handed], int))
def read_handed(request: HttpRequest) -> HttpResponse:
    """The records that were handed over to the asking node when it began to keep its school, behind a number."""
    return _answered(request, "/handed", _handed)


@router.post("/handed-back", auth=None, openapi_extra=documented(Passed))
def take_handed_back(request: HttpRequest) -> HttpResponse:
    """Say that the asking node keeps its school's rows no longer: a signed line, believed once all it names is here."""
    return _answered(request, "/handed-back", _handed_back)


@router.post("/schools", auth=None, openapi_extra=documented(Listing, str))
def read_schools(request: HttpRequest) -> HttpResponse:
    """The schools of other nodes that the asking node may write to by way of this one, behind a code."""
    return _answered(request, "/schools", _schools)


@router.post("/schools/changed", auth=None, openapi_extra=documented(Changes, int))
def read_changes(request: HttpRequest) -> HttpResponse:
    """What changed in that list behind a position of it."""
    return _answered(request, "/schools/changed", _changes)


@router.post("/nodes", auth=None, openapi_extra=documented(Passed, list[Behind]))
def take_nodes(request: HttpRequest) -> HttpResponse:
    """Say which nodes lie below the asking one, by which keys, with which schools: all of them each time."""
    return _answered(request, "/nodes", _nodes)


@router.post("/letters", auth=None, openapi_extra=documented(Passed))
def take_letter(request: HttpRequest) -> HttpResponse:
    """Hand over a letter: a signed line, then what only its reader can open."""
    return _answered(request, "/letters", _letter)


@router.post("/letters/waiting", auth=None, openapi_extra=documented(list[Sealed], int))
def read_letters(request: HttpRequest) -> HttpResponse:
    """Letters kept here for the asking node, behind a number."""
    return _answered(request, "/letters/waiting", _waiting)


@router.post("/letters/passed", auth=None, openapi_extra=documented(Passed, list[tuple[int, str]]))
def drop_letters(request: HttpRequest) -> HttpResponse:
    """Say which letters arrived: number and digest of each. They are kept no longer."""
    return _answered(request, "/letters/passed", _passed)


def _schools(actor: Actor, peer: Peer, body: bytes) -> object:
    after = _decoded(body, str)
    # Which schools exist is public; the records that say so lie in other bodies' scopes.
    with scope.raised(actor):
        return queries.listing_for(peer, after)


def _changes(actor: Actor, peer: Peer, body: bytes) -> object:
    after = _decoded(body, int)
    if not 0 <= after < 2**63:
        raise _NotValid
    with scope.raised(actor):  # as for the whole list
        return queries.changes_for(peer, after)


def _nodes(actor: Actor, peer: Peer, body: bytes) -> object:
    nodes = _decoded(body, list[Behind])
    return Passed(actions.keep_nodes_behind(actor=actor, peer=peer, nodes=nodes, at=clock.now()))


def _letter(actor: Actor, peer: Peer, body: bytes) -> object:
    actions.take_letter(actor=actor, peer=peer, data=body, at=clock.now())
    return Passed(1)


def _waiting(actor: Actor, peer: Peer, body: bytes) -> object:
    after = _decoded(body, int)
    # A letter for this node alone; what was written here lies in the scope of the school that wrote it.
    with scope.raised(actor):
        return queries.letters_for(peer, after)


def _passed(actor: Actor, peer: Peer, body: bytes) -> object:
    passed = _decoded(body, list[tuple[int, str]])[:MOST_COPIES]
    return Passed(actions.drop_letters(actor=actor, peer=peer, passed=passed))


def _take(actor: Actor, peer: Peer, body: bytes) -> object:
    return actions.accept_batch(actor=actor, peer=peer, data=body, at=clock.now())


def _digests(actor: Actor, peer: Peer, body: bytes) -> object:
    places = [place for place in _decoded(body, list[str])[:MOST_PLACES] if _is_place(place, merkle.DEPTH - 1)]
    leaves = queries.leaves_told(peer)
    actions.log_reading(
        actor=actor, deed="compared", kinds=[], organisation_id=peer.organisation_id, peer=peer, at=clock.now()
    )
    return Digests(under=[merkle.digests_under(place, leaves) for place in places])


def _leaves(actor: Actor, peer: Peer, body: bytes) -> object:
    asked = [place for place in _decoded(body, list[str])[:MOST_LEAVES] if _is_place(place, merkle.DEPTH)]
    buckets = [bucket for place in asked for bucket in merkle.buckets_under(place)]
    found = queries.records_in(peer, buckets) if buckets else []
    actions.log_reading(
        actor=actor, deed="compared", kinds=[leaf.kind for leaf in found], organisation_id=peer.organisation_id,
        peer=peer, at=clock.now(),
    )  # fmt: skip
    return [Listed(leaf.kind, leaf.key, leaf.version, leaf.hash.hex()) for leaf in found]


def _copies(actor: Actor, peer: Peer, body: bytes) -> object:
    found = queries.copies_for(peer, _decoded(body, list[tuple[str, str]])[:MOST_COPIES])
    actions.log_reading(
        actor=actor, deed="fetched", kinds=[record.Loai for record in found], organisation_id=peer.organisation_id,
        peer=peer, at=clock.now(),
    )  # fmt: skip
    return found


def _held(actor: Actor, peer: Peer, body: bytes) -> object:
    lines, last = queries.lines_for(peer, _decoded(body, int))
    actions.log_reading(
        actor=actor, deed="fetched", kinds=[line.kind for line in lines], organisation_id=peer.organisation_id,
        peer=peer, at=clock.now(),
    )  # fmt: skip
    return Lines(lines, last)


def _handed(actor: Actor, peer: Peer, body: bytes) -> object:
    found = queries.handed_over(peer, _decoded(body, int))
    actions.log_reading(
        actor=actor, deed="fetched", kinds=[one.record.Loai for one in found], organisation_id=peer.organisation_id,
        peer=peer, at=clock.now(),
    )  # fmt: skip
    return found


def _handed_back(actor: Actor, peer: Peer, body: bytes) -> object:
    return Passed(int(actions.note_handed_back(actor=actor, peer=peer, line=body)))


class _NotValid(Exception):
    """The body of a request is not what its address takes."""


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _NotValid from error


def _is_place(place: str, most: int) -> bool:
    return len(place) <= most and all(digit in merkle.DIGITS for digit in place)


def _answered(request: HttpRequest, path: str, ask: Ask) -> HttpResponse:
    """Check the request, ask in the peer's scope, sign the answer. Strangers get one unsigned 401 for any reason."""
    this, body = queries.this_node(), request.body
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        issuer = signatures.unverified_issuer(token)
        peer = queries.peer_with(issuer)
        if this is None or peer is None:
            raise BadSignature("nobody we know")
        claims = signatures.verified(
            token, RequestClaims, typ=REQUEST, peer_keys=peer.keys, iss=str(peer.node), aud=str(this.node)
        )
        if (claims.path, claims.body) != (path, digest_of(body)):
            raise BadSignature("another request than signed")
    except BadSignature:
        return _problem(401, "not_a_peer")
    if not _is_fresh(claims.nonce):
        return _signed(this, peer, claims, _problem(401, "stale_nonce"))
    return _signed(this, peer, claims, _asked(request, peer, body, ask))


def _asked(request: HttpRequest, peer: Peer, body: bytes, ask: Ask) -> HttpResponse:
    actor = queries.actor_of(peer)
    try:
        with scope.of(actor):
            return HttpResponse(msgspec.json.encode(ask(actor, peer, body)), content_type="application/json")
    except Refusal as refusal:
        setattr(request, "refused", True)  # noqa: B010  the middleware then undoes the transaction
        return _problem(409 if refusal.code in ("epoch_over", "number_taken") else 422, refusal.code, str(refusal))
    except _NotValid:
        setattr(request, "refused", True)  # noqa: B010  see above
        return _problem(422, "not_valid")


def _problem(status: int, code: str, detail: str = "") -> HttpResponse:
    # As everywhere under /api/; and `code`, which nodes have read here from the beginning.
    body = {"type": f"urn:khue:problem:{code}", "status": status, "title": code, "code": code, "detail": detail}
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/problem+json")


def _signed(this: ThisNode, peer: Peer, claims: RequestClaims, answer: HttpResponse) -> HttpResponse:
    said = AnswerClaims(
        typ=ANSWER, iss=str(this.node), aud=str(peer.node), nonce=claims.nonce, request=claims.body,
        body=digest_of(answer.content), status=answer.status_code, seconds=_seconds(),
    )  # fmt: skip
    if peer.direction == Peer.Direction.BELOW:
        answer.headers[LISTED] = str(queries.listed_position())
    answer.headers[SIGNATURE] = Signer(str(this.node), this.key_generation).sign(said)
    return answer


def _seconds() -> int:
    """This node's clock, as Unix time."""
    return int(clock.now().timestamp())


def _is_fresh(nonce: str) -> bool:
    try:
        given = unseal("exchange.nonce", nonce, _instant)
    except BrokenSeal:
        return False
    return 0 <= _seconds() - given <= FRESH
