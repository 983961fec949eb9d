"""Between a row and the protocol: what a move stands at, what follows from a new standing."""

from khue.moves.models import Move
from khue.moves.protocol import Side, Standing, State

#: Columns that a standing is kept in.
COLUMNS = ("state", "version", "their_state", "their_version", "heard")


def standing_of(move: Move) -> Standing:
    """What the row says."""
    return Standing(
        Side(move.side), State(move.state), move.version, State(move.their_state), move.their_version, move.heard
    )


def take_over(move: Move, standing: Standing) -> None:
    """Let the row say it; saved by whoever calls."""
    move.state, move.version, move.heard = standing.state, standing.version, standing.heard
    move.their_state, move.their_version = standing.their_state, standing.their_version
