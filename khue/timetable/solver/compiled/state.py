"""A timetable that is complete and perhaps wrong, and what is wrong with it, as the search changes it."""

from typing import NamedTuple

import numpy as np

from khue.timetable.solver.compiled.tables import Numbers, Tables

TOTAL, TOUCHED, STAMP, BROKEN, LOOKED = range(5)


class State(NamedTuple):
    """All of it is written by compiled functions. A *thing* is what has a price: a resource, or after them a bond.

    start      of each block
    busy       how many blocks a resource has at a time, and `sums` the sum of their numbers: of one block, the block
    keys       of each resource a number that stands for all the times it is taken at;  clashes  blocks too many there
    running    how many blocks of a bond are taught at a time;  over  how many too many, in all
    prices     of each thing;  broken, where  the things that cost something, in any order, and where each stands there
    moves      blocks that change, with `to` and `back`, the starts they get and had, and `turn`, the way they go
    moved      the last of `chains`, which counts proposals, that a block was in
    touched    things that change, with what they were `before`, and what the keys would be after
    taken      of one resource, each day's periods as bits, with `gaps` and `lessons`: only while its week is priced
    numbers    TOTAL: what everything costs; TOUCHED, LOOKED: how many are touched, and of them priced anew; BROKEN: how
               long that list is; STAMP: of the change looked at
    memory     keys and, beside each, what such a week costs by the rules; several states may share it, one by one
    """

    start: Numbers
    busy: Numbers
    sums: Numbers
    keys: Numbers
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
    keys_before: Numbers
    keys_after: Numbers
    clashes_before: Numbers
    stamps: Numbers
    taken: Numbers
    gaps: Numbers
    lessons: Numbers
    spared: Numbers
    tally: Numbers
    numbers: Numbers
    chance: Numbers
    memory: Numbers


MEMORY = 1 << 16


def memory() -> Numbers:
    """Room to remember what weeks of resources cost."""
    return np.zeros((MEMORY, 2), dtype=np.int64)


def state_of(t: Tables, start: list[int], seed: int, memory: Numbers) -> State:
    """Room for a timetable of these starts; `changes.begin` counts it."""
    blocks, resources, bonds = len(t.durations), len(t.closed), len(t.bonds)
    days, times, things = t.closed.shape[1], t.likes.shape[1], resources + bonds

    def zeros(*shape: int) -> Numbers:
        return np.zeros(shape, dtype=np.int64)

    return State(
        start=np.array(start, dtype=np.int64),
        busy=zeros(resources, times),
        sums=zeros(resources, times),
        keys=zeros(resources),
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
        keys_before=zeros(things),
        keys_after=zeros(things),
        clashes_before=zeros(things),
        stamps=zeros(things),
        taken=zeros(days),
        gaps=zeros(days),
        lessons=zeros(days),
        spared=zeros(1),
        tally=zeros(max(days, times)),
        numbers=zeros(5),
        chance=np.array([seed], dtype=np.int64),
        memory=memory,
    )
