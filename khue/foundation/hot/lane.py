"""The lane of one kind of write into the database: one transaction under way, the next one filling meanwhile."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import AsyncConnection

from khue.foundation.hot import connection as connections
from khue.foundation.hot.registry import Ack, HotKind, Write

log = logging.getLogger(__name__)

#: Writes in one transaction.
BATCH = 200
#: Writes that may wait; beyond it the door says 503 and the browser comes again.
WAITING = 5_000
#: Seconds that writes wait for a database that is away before the browsers are told to come again.
PATIENCE_SECONDS = 8.0
#: Seconds a lane gathers writes when the last batch had company: under load fewer, fuller commits.
GATHER_SECONDS = 0.002

OUTSIDE = Ack("outside_scope", _("Vé này không cho ghi vào đơn vị đó."))
NOT_SAVED = Ack("not_saved", _("Dữ liệu không hợp lệ nên không được lưu."))


class Full(Exception):
    """More writes wait than the lane holds."""


class Unavailable(Exception):
    """Not written, and nothing wrong with the write: it may be sent again."""


class Lane:
    """Takes writes from the door, commits them in batches, and only then fulfils their futures."""

    def __init__(self, kind: HotKind[Any]) -> None:
        self.kind = kind
        self._waiting: deque[tuple[Write[Any], asyncio.Future[Ack]]] = deque()
        self._connection: AsyncConnection[Any] | None = None
        self._drain: asyncio.Task[None] | None = None

    def submit(self, write: Write[Any]) -> "asyncio.Future[Ack]":
        """The future answer to this write, fulfilled after its commit. Raises Full at once."""
        if len(self._waiting) >= WAITING:
            raise Full
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Ack] = loop.create_future()
        self._waiting.append((write, answer))
        if self._drain is None or self._drain.done():
            self._drain = loop.create_task(self._commit_all())
        return answer

    async def finish(self) -> None:
        """Commit what waits and close the connection: the process is about to end."""
        if self._drain is not None:
            await self._drain
        await connections.close(self._connection)
        self._connection = None

    async def _commit_all(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await self._commit(batch)
            if len(batch) > 1 and len(self._waiting) < BATCH:
                await asyncio.sleep(GATHER_SECONDS)

    async def _commit(self, batch: "Sequence[tuple[Write[Any], asyncio.Future[Ack]]]") -> None:
        writes = [write for write, _ in batch]
        try:
            outcomes: Sequence[Ack | Exception] = await self._written(writes)
        except Unavailable as away:
            # Who came meanwhile has waited as long; one after the other they would wait for minutes.
            batch = [*batch, *self._waiting]
            self._waiting.clear()
            outcomes = [away] * len(batch)
        except Exception as fault:  # the outermost door: whatever happened, every browser gets its answer
            outcomes = [fault] * len(batch)
        for (_write, answer), outcome in zip(batch, outcomes, strict=True):
            if answer.done():  # the browser has gone
                continue
            if isinstance(outcome, Ack):
                answer.set_result(outcome)
            else:
                answer.set_exception(outcome)

    async def _written(self, writes: Sequence[Write[Any]]) -> Sequence[Ack | Exception]:
        try:
            return await self._transaction(writes)
        except Unavailable:
            raise
        except Exception as fault:
            if len(writes) == 1:
                return [_outcome_of(fault, self.kind.name)]
            log.warning("hot %s: a batch of %d is tried one by one: %s", self.kind.name, len(writes), fault)
        return [(await self._written([write]))[0] for write in writes]

    async def _transaction(self, writes: Sequence[Write[Any]]) -> Sequence[Ack]:
        """Write and commit, again when the connection broke: what was committed unheard of is written twice."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            connection = await self._connected(deadline)
            try:
                return await _write(connection, self.kind, writes)
            except psycopg.Error as error:
                if not connection.closed and not connection.broken:
                    await connection.execute("ROLLBACK")
                    raise
                log.warning("hot %s: connection lost: %s", self.kind.name, error)
            except BaseException:
                await connections.close(connection)
                raise

    async def _connected(self, deadline: float) -> AsyncConnection[Any]:
        pause = 0.05
        while self._connection is None or self._connection.closed or self._connection.broken:
            try:
                self._connection = await connections.connect(name=f"khue hot {self.kind.name}")
            except psycopg.OperationalError as error:
                if asyncio.get_running_loop().time() + pause > deadline:
                    raise Unavailable from error
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)
        return self._connection


async def _write(connection: AsyncConnection[Any], kind: HotKind[Any], writes: Sequence[Write[Any]]) -> Sequence[Ack]:
    scope = ",".join(sorted({str(int(w.organisation_id)) for w in writes if w.organisation_id is not None}))
    # Digits and commas only, so it may stand in the text: one round trip opens the transaction and sets its scope.
    await connection.execute(f"BEGIN; SET LOCAL khue.scope = '{scope}'")
    acks = await kind.flush(connection, writes)
    if len(acks) != len(writes):
        raise RuntimeError(f"hot kind {kind.name!r} gave {len(acks)} answers to {len(writes)} writes")
    ended = await connection.execute("COMMIT")
    if ended.statusmessage != "COMMIT":  # a flush that swallowed an error: PostgreSQL rolled back without complaint
        raise RuntimeError(f"hot kind {kind.name!r} went on after an error; nothing was committed")
    return acks


def _outcome_of(fault: Exception, kind: str) -> Ack | Exception:
    """What one write that failed alone is answered with."""
    if isinstance(fault, psycopg.errors.InsufficientPrivilege):
        return OUTSIDE
    if isinstance(fault, psycopg.IntegrityError | psycopg.DataError):
        log.warning("hot %s: refused by the database: %s", kind, fault)
        return NOT_SAVED
    if isinstance(fault, psycopg.OperationalError):  # a lock, a deadlock, a full disk: the write itself is not at fault
        log.warning("hot %s: %s", kind, fault)
        return Unavailable(str(fault))
    log.error("hot %s: flush failed", kind, exc_info=fault)
    return fault
