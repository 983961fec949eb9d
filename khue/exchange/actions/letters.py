"""Letters to other nodes: written, handed over, kept for who fetches them, read. The bytes are exchange/letters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.exchange import keys, letters
from khue.exchange.access import Permission
from khue.exchange.actions.nodes import NodeUnnamed
from khue.exchange.actions.passages import log
from khue.exchange.extensions import OpenedLetter, letter_reader
from khue.exchange.letters import UnusableLetter
from khue.exchange.models import KnownNode, Letter, Peer
from khue.exchange.queries.rules import this_node
from khue.exchange.queries.ways import ways_from_here
from khue.exchange.routes import Ways
from khue.exchange.signatures import Signer, digest_of
from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal

#: Letters from one neighbour that may wait here: a year's transfers of a province on one day, and no more.
MOST_WAITING = 5000
#: A letter on its way to another node is kept so long: what was not heard by then was written anew many times.
KEPT_FOR = timedelta(days=30)


class NoWayThere(Refusal):
    code = "no_way_there"
    message = _("Chưa có đường gửi tới hệ thống của trường này. Hãy đợi danh sách trường được cập nhật rồi làm lại.")


class LetterNotGenuine(Refusal):
    code = "letter_not_genuine"
    message = _("Thư không phải do hệ thống %(name)s ký gửi, hoặc đã bị thay đổi.")


class TooManyLetters(Refusal):
    code = "too_many_letters"
    message = _("Hệ thống %(name)s còn quá nhiều thư chưa chuyển. Hãy gửi lại sau.")


@transaction.atomic
def write_letter(
    *, actor: Actor, organisation_id: int, to_node: UUID, thread: UUID, parts: Sequence[tuple[int, bytes]], at: datetime
) -> None:
    """Write letters about one thread to another node. A part that still waits here gives way to the new one.

    parts    (0, words), (1, piece of a file), ...
    refuses  NodeUnnamed; NoWayThere
    """
    require(actor, Permission.LETTER_WRITE, within=organisation_id)

    this, reader = this_node(), KnownNode.objects.filter(node=to_node).first()
    if this is None:
        raise NodeUnnamed
    if reader is None:
        raise NoWayThere
    signer = Signer(str(this.node), this.key_generation)
    for part, plain in parts:
        try:
            content = letters.written(signer, str(to_node), reader.keys, thread, part, plain)
        except UnusableLetter as error:
            raise NoWayThere from error
        _keep(organisation_id, thread, part, this.node, to_node, content, at)
    log(actor, "sent", ["letter"] * len(parts), at=at, organisation_id=organisation_id, batch=str(thread))
    audit.record(actor, "letter.written", reader, thread=str(thread), parts=[part for part, _plain in parts])


@transaction.atomic
def take_letter(*, actor: Actor, peer: Peer, data: bytes, at: datetime) -> None:
    """Take a letter that a node below hands over, its own or of a node behind it. The same again changes nothing.

    It is for us, for another node further down, or for the node above to pass on (docs/decisions/0251).
    refuses  NodeUnnamed; LetterNotGenuine; NoWayThere; TooManyLetters
    """
    require(actor, Permission.LETTER_CARRY, within=peer)

    # For whom it is lies beyond what the peer may touch; the trail names both.
    with scope.raised(actor):
        ways = ways_from_here()
        if ways is None:
            raise NodeUnnamed
        try:
            writer, reader = letters.parties(data)
            claims = letters.genuine(
                data, writer=str(writer), reader=str(reader), writer_keys=_keys_below(peer, ways, writer)
            )
        except UnusableLetter as error:
            raise LetterNotGenuine(name=peer.name) from error
        if ways.towards(reader, peer.node) is None:
            raise NoWayThere
        if Letter.objects.filter(via=peer.node).count() >= MOST_WAITING:
            raise TooManyLetters(name=peer.name)
        place = _place(ways, reader)
        _keep(place, UUID(claims.thread), claims.part, writer, reader, data, at, via=peer.node)
        log(actor, "received", ["letter"], at=at, organisation_id=place, peer=peer, batch=claims.thread)
        audit.record(actor, "letter.taken", peer, thread=claims.thread, part=claims.part, to=str(reader))


@transaction.atomic
def keep_fetched(*, actor: Actor, peer: Peer, from_node: UUID, data: bytes, at: datetime) -> bool:
    """Keep a letter that was fetched from the node above, to be read or passed on down. Whether it is genuine.

    The writer's keys are those of which the node above told us; from there nothing comes of a node below us.
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    ways, writer = ways_from_here(), KnownNode.objects.filter(node=from_node).first()
    if ways is None:
        raise NodeUnnamed
    try:
        _writer, reader = letters.parties(data)
        if writer is None or from_node in ways.below or from_node == ways.this:
            raise UnusableLetter("of a node that nobody told us of, or that is below us")
        if ways.towards(reader, peer.node) is None:
            raise UnusableLetter("for a node that is not below us")
        claims = letters.genuine(data, writer=str(from_node), reader=str(reader), writer_keys=writer.keys)
    except UnusableLetter as error:
        audit.record(actor, "letter.refused", peer, writer=str(from_node), why=str(error))
        return False
    place = _place(ways, reader)
    _keep(place, UUID(claims.thread), claims.part, from_node, reader, data, at, via=peer.node)
    log(actor, "received", ["letter"], at=at, organisation_id=place, peer=peer, batch=claims.thread)
    audit.record(actor, "letter.fetched", peer, thread=claims.thread, part=claims.part, writer=str(from_node))
    return True


@transaction.atomic
def drop_letters(*, actor: Actor, peer: Peer, passed: Sequence[tuple[int, str]]) -> int:
    """Forget letters that a node has, or that were handed over to one: id and digest of each. Returns how many.

    One that gave way to a newer one meanwhile has another digest and stays.
    """
    if not any(actor.may(right, peer.organisation_id) for right in (Permission.LETTER_CARRY, Permission.RECORD_SEND)):
        require(actor, Permission.LETTER_CARRY, within=peer)

    digests = dict(passed)
    # What was written here lies in the scope of the school that wrote it; a node below drops its own letters alone.
    with scope.raised(actor):
        rows = Letter.objects.filter(id__in=list(digests))
        if peer.direction == Peer.Direction.BELOW:
            ways = ways_from_here()
            rows = rows.filter(to_node__in=ways.through(peer.node) if ways else set()).exclude(via=peer.node)
        gone = [row.id for row in rows.only("id", "digest").select_for_update() if digests.get(row.id) == row.digest]
        Letter.objects.filter(id__in=gone).delete()
    if gone:
        audit.record(actor, "letters.passed", peer, letters=len(gone))
    return len(gone)


@transaction.atomic
def read_letter(*, actor: Actor, letter: Letter, at: datetime) -> None:
    """Open a letter for us, let the room that knows the thread do what it says, and forget the letter.

    refuses  LetterNotGenuine; what the reader refuses: then nothing of it is done, and it is read again
    """
    require(actor, Permission.RECORD_SEND, within=letter)

    this, writer = this_node(), KnownNode.objects.filter(node=letter.from_node).first()
    if this is None:
        raise NodeUnnamed
    data = bytes(letter.content)
    try:
        if writer is None:
            raise UnusableLetter("of a node that nobody told us of")
        letters.genuine(data, writer=str(letter.from_node), reader=str(this.node), writer_keys=writer.keys)
        plain = letters.opened(data, keys.opening_key(this.key_generation))
    except UnusableLetter as error:
        raise LetterNotGenuine(name=str(letter.from_node)) from error
    found = OpenedLetter(letter.from_node, writer.name, letter.thread, letter.part, plain)
    letter_reader.filling(found, at)
    Letter.objects.filter(id=letter.id, digest=letter.digest).delete()
    audit.record(actor, "letter.read", writer, thread=str(letter.thread), part=letter.part)


@transaction.atomic
def note_unreadable(*, actor: Actor, letter: Letter, problem: str) -> None:
    """Keep why a letter could not be read, and how often it was tried."""
    require(actor, Permission.RECORD_SEND, within=letter)

    Letter.objects.filter(id=letter.id, digest=letter.digest).update(tries=letter.tries + 1, problem=problem[:500])
    audit.record(actor, "letter.unreadable", letter, thread=str(letter.thread), problem=problem[:500])


@transaction.atomic
def note_not_taken(*, actor: Actor, letter: Letter, problem: str) -> None:
    """Keep why the node above did not take a letter, and how often it was tried: others are handed over meanwhile."""
    require(actor, Permission.RECORD_SEND, within=letter)

    Letter.objects.filter(id=letter.id, digest=letter.digest).update(tries=letter.tries + 1, problem=problem[:500])
    audit.record(actor, "letter.not_taken", letter, thread=str(letter.thread), problem=problem[:500])


@transaction.atomic
def forget_letters(*, actor: Actor, at: datetime) -> int:
    """Forget letters on their way between other nodes that nobody has fetched for a month. Returns how many."""
    require(actor, Permission.RECORD_SEND, within=None)

    this = this_node()
    rows = Letter.objects.filter(kept_at__lt=at - KEPT_FOR).exclude(via=None)
    count, _rows = rows.exclude(to_node=this.node).delete() if this else (0, {})
    if count:
        audit.record(actor, "letters.forgotten", this, letters=count)
    return count


def _keys_below(peer: Peer, ways: Ways, writer: UUID) -> list[dict[str, str]]:
    """The keys of the writer of a letter that a peer brings: its own, or of a node behind it."""
    if writer == peer.node:
        return list(peer.keys)
    known = KnownNode.objects.filter(node=writer, behind=peer).first()
    if known is None or ways.below.get(writer) != peer.node:
        raise UnusableLetter("of a node that does not lie behind the one that brings it")
    return list(known.keys)


def _place(ways: Ways, reader: UUID) -> int:
    """The body a letter waits for: of the neighbour below it goes to; ours where it goes up, or is for us."""
    down = ways.below.get(reader)
    peer = Peer.objects.filter(node=down, is_active=True).first() if down else None
    if peer is not None:
        return peer.organisation_id
    this = this_node()
    assert this is not None  # it has ways
    return this.body_id


def _keep(
    place: int, thread: UUID, part: int, writer: UUID, reader: UUID, content: bytes, at: datetime,
    via: UUID | None = None,
) -> None:  # fmt: skip
    Letter.objects.update_or_create(
        thread=thread, from_node=writer, part=part,
        defaults={
            "organisation_id": place, "to_node": reader, "content": content, "digest": digest_of(content),
            "via": via, "kept_at": at, "tries": 0, "problem": "",
        },
    )  # fmt: skip
