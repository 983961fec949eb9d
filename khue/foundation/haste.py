"""Having a chore done at the clock's next turn, because of something that happened.

A handler of an event calls `soon`; it runs in the worker, in the thread of the clock, which does the chore when the
events are delivered. However often it was called by then, the chore is done once.
"""

_wanted: set[str] = set()


def soon(chore: str) -> None:
    """Have the chore of that name done without waiting for its time. Only for handlers of events."""
    _wanted.add(chore)


def taken(chore: str) -> bool:
    """Whether it is wanted; asking takes the wish away."""
    wanted = chore in _wanted
    _wanted.discard(chore)
    return wanted
