"""Numbers and symbols of documents, and what urgency means.

Source: Decree 30/2020/NĐ-CP, article 8.3 and article 15 (numbers run from 01 on 1 January to 31 December), annex I
part II (number and symbol) and annex III (abbreviations of kinds).
"""

from dataclasses import dataclass

from khue.foundation.text import nfc


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of administrative document. `abbreviation` is empty for an official letter, whose symbol has none."""

    code: str
    name: str
    abbreviation: str


#: What schools and their offices issue, of the twenty-nine kinds of annex III.
KINDS: tuple[DocumentKind, ...] = (
    DocumentKind("letter", "Công văn", ""),
    DocumentKind("decision", "Quyết định", "QĐ"),
    DocumentKind("plan", "Kế hoạch", "KH"),
    DocumentKind("notice", "Thông báo", "TB"),
    DocumentKind("report", "Báo cáo", "BC"),
    DocumentKind("submission", "Tờ trình", "TTr"),
    DocumentKind("minutes", "Biên bản", "BB"),
    DocumentKind("guidance", "Hướng dẫn", "HD"),
    DocumentKind("programme", "Chương trình", "CTr"),
    DocumentKind("regulation", "Quy chế", "QC"),
    DocumentKind("rule", "Quy định", "QyĐ"),
    DocumentKind("resolution", "Nghị quyết", "NQ"),
    DocumentKind("contract", "Hợp đồng", "HĐ"),
    DocumentKind("invitation", "Giấy mời", "GM"),
    DocumentKind("introduction", "Giấy giới thiệu", "GGT"),
    DocumentKind("leave", "Giấy nghỉ phép", "GNP"),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def body_of(name: str) -> str:
    """The abbreviation by which an organisation signs, as far as its name tells: "Trường THCS Kim Đồng" -> "THCSKĐ".

    Capital words stay, others give their first letter; an office may write another one.
    """
    words = [word for word in nfc(name).split() if word.casefold() != "trường"]
    return "".join(word if word.isupper() else word[0].upper() for word in words if word[0].isalnum())


def symbol(number: int, kind: str, body: str) -> str:
    """Number and symbol of an outgoing document: 7 of a plan is "07/KH-THCSKĐ", of a letter "07/THCSKĐ".

    number  from 1, as the register gives it; below ten with a zero before it
    kind    a code of KINDS
    """
    signs = "-".join(filter(None, [BY_CODE[kind].abbreviation, body]))
    return f"{number:02}/{signs}"
