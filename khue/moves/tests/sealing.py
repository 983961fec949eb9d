"""The old school has signed and sealed the year of its class."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from khue.foundation import clock
from khue.moves.tests.country import Country
from khue.records.tests.builders import Hands, complete_year, key_file, sealed_year


def sealed_at(provinces: Country, ca, settings, tmp_path) -> None:
    """Have the old school sign and seal the year of its class."""
    trust(ca, settings, tmp_path)
    old, now = provinces.old.school, clock.now()
    with provinces.old.node.inside():
        complete_year(old)
        hands = Hands(
            key_file(old, ca, old.teacher, "Lê Thị Hoa", when=now), key_file(old, ca, old.head, "Trần B", when=now),
            key_file(old, ca, old.clerk, "Trường THCS Mỹ An", is_seal=True, when=now),
        )  # fmt: skip
        sealed_year(old, hands)


def trust(ca, settings, folder: Path) -> None:
    """Every node trusts the tests' authority and stamps with its clock."""
    roots = folder / "roots.pem"
    roots.write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_FILE, settings.TSA_URL = str(roots), f"{ca.address}/tsa"
