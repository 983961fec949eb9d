"""The code by which a transfer names an invoice, and finding it in what banks make of a transfer's content.

"KH" and twelve digits: ten of the invoice's number and two that check them as IBAN does (ISO 7064, mod 97-10), so that
one wrong digit, or two that changed places, never name another family's invoice.
"""

import re
from collections.abc import Iterator

PREFIX = "KH"
#: Digits of an invoice number within a code.
DIGITS = 10
#: Banks drop spaces, put in hyphens and points, and write the neighbouring words against the code.
_CODE = re.compile(r"K\W*H(?=((?:\W*[0-9]){12}))", re.IGNORECASE)
_BEGUN = re.compile(r"K\W*H((?:\W*[0-9]){4,11})\W*$", re.IGNORECASE)


def code_of(number: int) -> str:
    """The code of the invoice with this number, 1 to 9,999,999,999: "KH000000012385"."""
    if not 0 < number < 10**DIGITS:
        raise ValueError(f"no code for invoice {number}")
    return f"{PREFIX}{number:0{DIGITS}}{_check(number):02}"


def numbers_in(purpose: str) -> list[int]:
    """Numbers of the invoices that a transfer's content names, in order, each once."""
    return list(dict.fromkeys(_numbers(purpose)))


def beginning_in(purpose: str) -> str | None:
    """The digits of a code that was cut off at the end of the content, as "00000001"; None where there is none."""
    found = _BEGUN.search(purpose)
    return _digits(found[1])[:DIGITS] if found else None


def _numbers(purpose: str) -> Iterator[int]:
    for found in _CODE.finditer(purpose):
        digits = _digits(found[1])
        number = int(digits[:DIGITS])
        if number and _check(number) == int(digits[DIGITS:]):
            yield number


def _digits(text: str) -> str:
    return "".join(re.findall("[0-9]", text))


def _check(number: int) -> int:
    return 98 - number * 100 % 97
