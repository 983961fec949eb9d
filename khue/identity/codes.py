"""Codes people copy from paper: letters and digits that are not mistaken for one another, in groups of four."""

import secrets

from khue.identity.sealing import keyed_hash

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: 60 bits: with the limits on attempts nobody finds one by trying, not even among a million open codes.
ACTIVATION_LENGTH = 12
RECOVERY_LENGTH = 12


def new_code(length: int) -> str:
    """A random code as it is printed: "K7QM-2XRP-9TDW"."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(letters[start : start + 4] for start in range(0, length, 4))


def normal_form(typed: str) -> str:
    """The code as it is compared: spaces and dashes do not matter, nor does case."""
    return "".join(typed.upper().split()).replace("-", "")


def activation_hash(typed: str) -> bytes:
    """What the database keeps instead of an activation code."""
    return keyed_hash("activation", normal_form(typed))


def recovery_hash(account_id: int, typed: str) -> bytes:
    """What the database keeps instead of a recovery code; the same code of another account has another hash."""
    return keyed_hash("recovery", f"{account_id}:{normal_form(typed)}")
