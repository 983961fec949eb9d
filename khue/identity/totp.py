"""Time-based one-time codes (RFC 6238): six digits, thirty seconds, as every authenticator application makes them."""

import hmac
from datetime import datetime

import pyotp

STEP = 30
#: Clocks of phones drift: one step before and after counts too.
DRIFT = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base32, as applications take it in by hand."""
    return pyotp.random_base32()


def address_of(secret: str, name: str, issuer: str) -> str:
    """What the picture says that an application scans: otpauth://totp/..."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step this code belongs to; None when it is wrong or too old."""
    typed = "".join(code.split())
    now = int(at.timestamp()) // STEP
    generator = pyotp.TOTP(secret, interval=STEP)
    matching = [now + d for d in DRIFT if hmac.compare_digest(generator.at((now + d) * STEP).encode(), typed.encode())]
    return matching[0] if matching else None
