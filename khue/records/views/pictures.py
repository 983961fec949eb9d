"""QR codes, as addresses an <img> takes under the strict content policy."""

import segno


def picture_of(address: str) -> str:
    """The picture of an address: "data:image/svg+xml;..."."""
    made: str = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#1D2330", light="#FFFFFF")
    return made
