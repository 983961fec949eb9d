"""Public identifiers: UUID version 7 (RFC 9562), so that new rows land at the end of an index."""

import os
import time
from uuid import UUID


def uuid7s(count: int) -> list[UUID]:
    """So many new identifiers of one moment, for rows that are written together."""
    milliseconds = time.time_ns() // 1_000_000
    fixed = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | 0b10 << 62
    random = os.urandom(10 * count)
    free = (0xFFF << 64) | ((1 << 62) - 1)
    return [
        UUID(int=fixed | int.from_bytes(random[begin : begin + 10], "big") & free) for begin in range(0, 10 * count, 10)
    ]


def uuid7() -> UUID:
    """A new time-ordered identifier: 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
