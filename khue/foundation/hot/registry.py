"""The kinds of write that the hot door takes. A room registers its own in its wiring."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.utils.functional import Promise
from psycopg import AsyncConnection

Body = TypeVar("Body", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Write(Generic[Body]):
    """One browser's write, with the ticket that allows it already verified.

    subject      from the ticket: what is written on; never from the browser
    received_at  when it reached the door, UTC
    """

    subject: Mapping[str, str | int]
    organisation_id: int | None
    body: Body
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    """What one write is answered with, once its transaction has been committed.

    refusal  a stable code for programs when the rules say no ("attempt_closed"); empty when it was saved
    detail   why, for people
    values   further values for the browser ({"revision": 3})
    """

    refusal: str = ""
    detail: str | Promise = ""
    values: Mapping[str, str | int] = field(default_factory=dict)


SAVED = Ack()

Flush = Callable[[AsyncConnection[Any], Sequence[Write[Body]]], Awaitable[Sequence[Ack]]]


@dataclass(frozen=True)
class HotKind(Generic[Body]):
    """A kind of small write.

    name    in the address: POST /hot/<name>
    body    the JSON body; unknown fields are ignored, wrong ones answered with 422
    flush   writes a batch and returns one Ack for each write, in their order. It runs as the application role inside
            a transaction whose scope is exactly the organisations of the batch's tickets, and neither commits nor rolls
            back. It must be idempotent, for a batch whose commit was not heard of is written again; it takes the last
            of several writes on one row; and it touches rows in one order, so that two processes never wait for each
            other in a circle. If it raises, every write of the batch is tried alone: one bad write sinks no other.
    """

    name: str
    body: type[Body]
    flush: Flush[Body]


_kinds: dict[str, HotKind[Any]] = {}


def register(kind: HotKind[Any]) -> None:
    """Open the door for a kind of write. Stands in the room's wiring."""
    if _kinds.get(kind.name, kind) != kind:
        raise RuntimeError(f"hot kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def kind_of(name: str) -> HotKind[Any] | None:
    """The kind registered under this name."""
    return _kinds.get(name)
