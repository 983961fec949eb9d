"""What two nodes say to each other about one pupil's move, and what follows from it. Pure. docs/decisions/0250

Each side tells its whole state with a version that only grows; the other keeps the greatest it heard. So a word that
comes twice, late, or after a newer one changes nothing, and a lost one is made good by the next.

The place moves with one word: the giving side ends its enrolment when it says RELEASED, and the receiving side begins
one only when it hears that. Of BEGUN and WITHDRAWN, which are both for ever, it says one; the giving side takes the
place back only when it hears WITHDRAWN. So a pupil is never in two schools, and the place is never lost: it is at one
side, or in a word that is said until it is heard.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a side stands."""

    # The school that receives.
    ASKING = "asking"
    BEGUN = "begun"
    TURNED_AWAY = "turned_away"
    WITHDRAWN = "withdrawn"
    # The school that is left.
    OPEN = "open"
    NOT_HERE = "not_here"
    RELEASED = "released"
    DROPPED = "dropped"
    GIVEN_BACK = "given_back"
    # Nothing was heard yet.
    UNKNOWN = ""


class Side(StrEnum):
    RECEIVING = "receiving"
    GIVING = "giving"


class Deed(StrEnum):
    """What a side must do because of what it heard, and which state it is in then."""

    OPEN = State.OPEN
    DROP = State.DROPPED
    GIVE_BACK = State.GIVEN_BACK
    BEGIN = State.BEGUN
    TURN_AWAY = State.TURNED_AWAY
    # Restored from a backup: the other side still knows what this one had said.
    REMEMBER = State.RELEASED
    REMEMBER_NOT_HERE = State.NOT_HERE
    REMEMBER_WITHDRAWN = State.WITHDRAWN


_DEEDS: dict[tuple[State, State], Deed] = {
    (State.ASKING, State.RELEASED): Deed.BEGIN,
    (State.ASKING, State.NOT_HERE): Deed.TURN_AWAY,
    (State.UNKNOWN, State.ASKING): Deed.OPEN,
    (State.UNKNOWN, State.WITHDRAWN): Deed.DROP,
    (State.OPEN, State.WITHDRAWN): Deed.DROP,
    (State.RELEASED, State.WITHDRAWN): Deed.GIVE_BACK,
    (State.OPEN, State.BEGUN): Deed.REMEMBER,
    (State.UNKNOWN, State.BEGUN): Deed.REMEMBER,
    (State.OPEN, State.TURNED_AWAY): Deed.REMEMBER_NOT_HERE,
    (State.UNKNOWN, State.TURNED_AWAY): Deed.REMEMBER_NOT_HERE,
    (State.ASKING, State.DROPPED): Deed.REMEMBER_WITHDRAWN,
    (State.ASKING, State.GIVEN_BACK): Deed.REMEMBER_WITHDRAWN,
}
_SAID_BY = {
    Side.RECEIVING: {State.ASKING, State.BEGUN, State.TURNED_AWAY, State.WITHDRAWN},
    Side.GIVING: {State.OPEN, State.NOT_HERE, State.RELEASED, State.DROPPED, State.GIVEN_BACK},
}
#: A pupil is in a class of this side while it is in one of these.
ENROLLED = {
    Side.RECEIVING: {State.BEGUN},
    Side.GIVING: {State.UNKNOWN, State.OPEN, State.NOT_HERE, State.DROPPED, State.GIVEN_BACK},
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a word says of the side that sends it. heard: the greatest version it heard of ours; wants: an answer."""

    side: Side
    state: State
    version: int
    heard: int
    wants: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One side: what it says, and what it knows of the other.

    version        of what it says; 0 while it has said nothing
    their_version  the greatest it heard; heard: the greatest of its own that the other has heard
    """

    side: Side
    state: State = State.UNKNOWN
    version: int = 0
    their_state: State = State.UNKNOWN
    their_version: int = 0
    heard: int = 0

    @property
    def is_owed(self) -> bool:
        """Whether the other side has not heard the newest yet."""
        return self.heard < self.version

    def said(self, *, again: bool = False) -> Heard:
        """The word this side says now. again: it says it once more to hear whether the other still knows."""
        return Heard(self.side, self.state, self.version, self.their_version, again or self.is_owed)


def is_sound(word: Heard) -> bool:
    """Whether a side could say this at all."""
    return word.state in _SAID_BY[word.side] and word.version >= 1 and word.heard >= 0


def took_in(standing: Standing, word: Heard) -> tuple[Standing, Deed | None]:
    """The standing after hearing a word of the other side, and what must be done because of it.

    A word that knows a greater version of ours than we do comes from before we were restored: we go on above it.
    """
    if word.version >= standing.their_version:
        standing = replace(standing, their_state=word.state, their_version=word.version)
    standing = replace(standing, heard=max(standing.heard, min(word.heard, standing.version)))
    deed = _DEEDS.get((standing.state, standing.their_state))
    if deed is None and word.heard > standing.version > 0:
        standing = replace(standing, version=word.heard + 1)
    elif word.heard > standing.version:
        standing = replace(standing, version=word.heard)
    return standing, deed


def rebuilt(word: Heard) -> Standing:
    """The receiving side that was restored from before it asked, from a word of the other one.

    It asks again, above all it had said that was heard, and what follows from the word follows once more. Where the
    other side has the pupil back or let go of the request, it was the family that took it back.
    """
    is_over = word.state in (State.DROPPED, State.GIVEN_BACK)
    return Standing(Side.RECEIVING, State.WITHDRAWN if is_over else State.ASKING, max(1, word.heard))


def moved(standing: Standing, state: State) -> Standing:
    """The standing after this side came to another state: a new version, which the other has yet to hear."""
    return replace(standing, state=state, version=standing.version + 1)
