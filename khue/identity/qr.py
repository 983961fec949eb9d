"""The picture an authenticator application scans, as an address an <img> takes under the strict content policy."""

from dataclasses import dataclass

import segno

from khue.identity import totp

ISSUER = "Khuê"


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code and the same secret for typing.

    image    "data:image/svg+xml;..."
    typed    the secret in groups of four
    address  otpauth://..., which opens the application on the same phone
    """

    image: str
    typed: str
    address: str


def for_app(secret: str, name: str) -> Picture:
    """The picture for this secret, under the name the application will show."""
    address = totp.address_of(secret, name, ISSUER)
    image: str = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#1D2330", light="#FFFFFF")
    return Picture(image, " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), address)
