"""The text of a VietQR code: NAPAS's profile of EMVCo merchant-presented codes (domain §6.1)."""

import binascii

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.foundation.text import fold, nfc

#: Banks' applications cut or refuse a longer transfer content.
LONGEST_PURPOSE = 25
LARGEST_AMOUNT = 9_999_999_999_999

_NAPAS, _TO_ACCOUNT, _DONG = "A000000727", "QRIBFTTA", "704"


class NoSuchBankAccount(Refusal):
    code = "no_such_bank_account"
    message = _("Mã ngân hàng phải có 6 chữ số và số tài khoản từ 1 đến 19 chữ số hoặc chữ cái.")


def payload(*, bank: str, account: str, amount: int | None = None, purpose: str = "", bill: str = "") -> str:
    """What the square holds. With an amount the code is for one payment, without one it may be used again.

    bank     BIN, six digits: "970436"
    account  up to 19 letters and digits
    amount   đồng, from 1
    purpose  the content of the transfer, plain letters; see `plain`
    bill     number of the invoice; banks may keep or drop it
    refuses  NoSuchBankAccount
    source   domain §6.1
    """
    if not (len(bank) == 6 and _is_plain_digits(bank) and 1 <= len(account) <= 19 and account.isascii()):
        raise NoSuchBankAccount
    if not account.isalnum():
        raise NoSuchBankAccount
    if amount is not None and not 1 <= amount <= LARGEST_AMOUNT:
        raise ValueError(f"not an amount for a code: {amount}")
    receiver = _field("00", _NAPAS) + _field("01", _field("00", bank) + _field("01", account))
    receiver += _field("02", _TO_ACCOUNT)
    more = _optional("01", bill) + _optional("08", purpose)
    text = (
        _field("00", "01")
        + _field("01", "11" if amount is None else "12")
        + _field("38", receiver)
        + _field("53", _DONG)
        + ("" if amount is None else _field("54", str(amount)))
        + _field("58", "VN")
        + _optional("62", more)
        + "6304"
    )
    return text + checksum(text)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE in four upper-case hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def plain(words: str) -> str:
    """Words as a bank carries them: capital letters without diacritics, digits and single spaces, at most 25."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in fold(nfc(words)))
    return " ".join(kept.split()).upper()[:LONGEST_PURPOSE].rstrip()


def _is_plain_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _field(tag: str, value: str) -> str:
    if len(value) > 99:
        raise ValueError(f"field {tag} is longer than 99 characters")
    return f"{tag}{len(value):02}{value}"


def _optional(tag: str, value: str) -> str:
    return _field(tag, value) if value else ""
