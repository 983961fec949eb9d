"""A timetable that is complete and perhaps wrong, and what is wrong with it, as the search changes it."""

from typing import NamedTuple

import numpy as np

from khue.timetable.solver.compiled.tables import Numbers, Tables

TOTAL, TOUCHED, STAMP, BROKEN = range(4)


class State(NamedTuple):
    """All of it is written by compiled functions. A *thing* is what has a price: a resource, or after them a bond.

    start      of each block;  taken  of each resource and day a set of periods, as bits
    busy       how many blocks a resource has at a time, and `sums` the sum of their numbers: of one block, the block
    gaps       of each resource and day, with `lessons`, as they were before the days in `stale`, bits, changed
    running    how many blocks of a bond are taught at a time;  over  how many too many, in all
    prices     of each thing;  broken, where  the things that cost something, in any order, and where each stands there
    moves      blocks that change, with `to` and `back`, the starts they get and had, and `turn`, the way they go
    numbers    TOTAL: what everything costs; TOUCHED, BROKEN: how long those lists are; STAMP: of the change looked at
    """

    start: Numbers
    taken: Numbers
    busy: Numbers
    sums: Numbers
    gaps: Numbers
    lessons: Numbers
    stale: Numbers
    clashes: Numbers
    running: Numbers
    over: Numbers
    prices: Numbers
    broken: Numbers
    where: Numbers
    moves: Numbers
    to: Numbers
    back: Numbers
    turn: Numbers
    moved: Numbers
    chains: Numbers
    touched: Numbers
    before: Numbers
    stamps: Numbers
    spared: Numbers
    tally: Numbers
    numbers: Numbers
    chance: Numbers


def state_of(t: Tables, start: list[int], seed: int) -> State:
    """Room for a timetable of these starts; `changes.begin` counts it."""
    blocks, resources, bonds = len(t.durations), len(t.closed), len(t.bonds)
    days, times, things = t.closed.shape[1], t.likes.shape[1], resources + bonds

    def zeros(*shape: int) -> Numbers:
        return np.zeros(shape, dtype=np.int64)

    return State(
        start=np.array(start, dtype=np.int64),
        taken=zeros(resources, days),
        busy=zeros(resources, times),
        sums=zeros(resources, times),
        gaps=zeros(resources, days),
        lessons=zeros(resources, days),
        stale=zeros(resources),
        clashes=zeros(resources),
        running=zeros(bonds, times),
        over=zeros(bonds),
        prices=zeros(things),
        broken=zeros(things),
        where=zeros(things) - 1,
        moves=zeros(blocks),
        to=zeros(blocks),
        back=zeros(blocks),
        turn=zeros(blocks),
        moved=zeros(blocks),
        chains=zeros(1),
        touched=zeros(things),
        before=zeros(things),
        stamps=zeros(things),
        spared=zeros(1),
        tally=zeros(max(days, times)),
        numbers=zeros(4),
        chance=np.array([seed], dtype=np.int64),
    )
