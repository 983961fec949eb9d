"""Banks by the code (BIN) a VietQR payload names them with. banks.json is the table; names change when banks merge."""

import json
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

#: What the form offers for a bank that the table does not know yet.
OTHER = "other"


@cache
def names() -> dict[str, str]:
    """Name by BIN, in the order of names. Source: domain §6.1."""
    table = json.loads((Path(__file__).parent / "banks.json").read_text(encoding="utf-8"))
    return {bank["bin"]: bank["name"] for bank in table["banks"]}


def name_of(bank: str) -> str:
    """What people call where an account is: a bank, the Treasury for "", or the BIN that the table does not know."""
    if not bank:
        return _("Kho bạc Nhà nước")
    return names().get(bank, _("ngân hàng mã %(bank)s") % {"bank": bank})


def choices() -> list[tuple[str, str]]:
    """For a form: the Treasury, every bank, and one that is not in the table."""
    return [
        ("", _("Kho bạc Nhà nước (không có mã VietQR)")),
        *names().items(),
        (OTHER, _("Ngân hàng khác, theo mã BIN")),
    ]
