"""Who may move pupils between nodes. Doing a step of a case is asked for by procedures, whose acts call this room."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of moves."""

    MOVE_ASK = "moves:move:ask"  # for a pupil whom the own school has accepted
    MOVE_RELEASE = "moves:move:release"  # let a pupil of the own school go
    MOVE_CARRY = "moves:move:carry"  # the program alone: hear and say words, put packages together
