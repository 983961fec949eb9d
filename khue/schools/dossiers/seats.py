"""Who gets a seat: classes of priority first, within one the order of receipt, or a lot whose seed was promised before.

Pure. The rule is published with the plan; anybody who knows the seed works out the same list.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from khue.foundation.text import fold

#: Living in the catchment with a ground of priority, living there, having a ground elsewhere, neither.
FIRST, IN_ZONE, WITH_GROUND, LAST = 0, 1, 2, 3


#: What stands before the name of a commune or may be left out; how the parts of an address are kept apart.
_KIND = re.compile(r"^(xa|phuong|thi tran|dac khu|x|p|tt)\s+")
_APART = re.compile(r"[,;]|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application. number: by receipt within the plan, 1 first; code: of its dossier."""

    code: str
    priority: int
    number: int


def priority_of(commune: str, street: str, ground: str, zones: Iterable[Mapping[str, str]]) -> int:
    """The class of priority of an address and a ground ("none" or "" for no ground).

    Names are compared as people write them: "Tràm Chim" is "Xã Tràm Chim", and of "Ấp 3, đường số 2" one part counts.
    """
    where, parts = _bare(commune), {_plain(part) for part in _APART.split(street)}
    inside = any(
        _bare(zone.get("commune", "")) == where and (not zone.get("street") or _plain(zone["street"]) in parts)
        for zone in zones
    )
    with_ground = ground not in ("", "none")
    return (FIRST if with_ground else IN_ZONE) if inside else (WITH_GROUND if with_ground else LAST)


def in_order(waiting: Iterable[Waiting], seed: str = "") -> list[Waiting]:
    """All applications in the order in which seats are given.

    seed  of the lot; "" where the order of receipt decides
    """

    def place(each: Waiting) -> tuple[int, str, int]:
        drawn = hashlib.sha256(f"{seed}:{each.code}".encode()).hexdigest() if seed else ""
        return each.priority, drawn, each.number

    return sorted(waiting, key=place)


def seated(waiting: Sequence[Waiting], capacity: int, seed: str = "") -> frozenset[str]:
    """Codes of those who get a seat."""
    return frozenset(each.code for each in in_order(waiting, seed)[:capacity])


def digest(seed: str) -> str:
    """What is published of a seed before the lot."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _plain(text: str) -> str:
    """Without tone marks, full stops and capitals, with single spaces."""
    return " ".join(fold(text).replace(".", " ").split())


def _bare(commune: str) -> str:
    """The name of a commune without what kind of commune it is."""
    return _KIND.sub("", _plain(commune))
