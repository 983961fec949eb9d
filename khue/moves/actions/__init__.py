"""Public writes of moves: ask, let go, hear, say, take the record in."""

from khue.moves.actions.arriving import begin_here, place_pupil
from khue.moves.actions.asking import ask_for_pupil, withdraw_ask
from khue.moves.actions.hearing import hear_word, keep_piece
from khue.moves.actions.leaving import PACKAGE, release_pupil
from khue.moves.actions.packing import put_together
from khue.moves.actions.saying import say_again

__all__ = [
    "PACKAGE",
    "ask_for_pupil",
    "begin_here",
    "hear_word",
    "keep_piece",
    "place_pupil",
    "put_together",
    "release_pupil",
    "say_again",
    "withdraw_ask",
]
