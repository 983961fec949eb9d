"""Telephone numbers of Vietnam in one spelling."""

import re
import unicodedata

#: Mobile prefixes of eleven-digit numbers and what they became in autumn 2018. Old paper forms still carry them.
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_SIGNS = re.compile(r"[\s.()\-–/'’]+")


def national_phone(typed: str) -> str | None:
    """A Vietnamese number as it is dialled here, "0912345678", from any usual spelling; None when it is none.

    typed    "0912 345 678", "(+84) 912.345.678", "84912345678", "0084...", "0168 ..." of before 2018
    """
    folded = unicodedata.normalize("NFKC", typed)
    compact = _SIGNS.sub("", "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc")))
    for country in ("+84", "0084", "84"):
        if compact.startswith(country):
            compact = "0" + compact.removeprefix(country).removeprefix("0")
            break
    if not compact.isascii() or not compact.isdigit() or not compact.startswith("0"):
        return None
    if len(compact) == 11 and (new := _OLD_PREFIXES.get(compact[:4])):
        compact = new + compact[4:]
    is_mobile = len(compact) == 10 and compact[1] in "35789"
    is_landline = len(compact) == 11 and compact[1] == "2"
    return compact if is_mobile or is_landline else None
