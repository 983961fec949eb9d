"""What a school writes in the column of duties: "Toán 6A1, 6A2; Tin 7A1" read into subjects and classes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from khue.foundation.text import fold
from khue.foundation.workbooks.headings import heading_key

#: What a cell of duties holds at most; more is not read (staff_sheet says so), so that no cell takes long.
LONGEST = 2000
#: A class as it is written among duties: 6A1, 10A, 6/1, 9.2, 6A 1.
_CLASS = r"\d{1,2}\s?[A-Za-zĐđ]{1,3}\s?\d{0,2}|\d{1,2}[/.]\d{1,2}"
#: What a duty is written in, each at the place where the one before ends. "Lớp" before a class says nothing; a short
#: piece after a class means its neighbour: 6A1, 2, 3 and 6A, B.
_TOKEN = re.compile(
    rf"(?P<joint>[\s,:.()+&–-]+)"
    rf"|(?:lớp\s+)?(?P<class>{_CLASS})(?=$|[\s,:.()+&–-])"
    rf"|(?P<short>(?:\d{{1,2}}|[A-Za-zĐđ]\d{{0,2}})(?=$|[\s,.+&)]))"
    rf"|(?P<word>[^\s,:.()+&–-]+)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,2}[A-Za-zĐđ]{1,3}|\d{1,2}/)(\d{1,2})\s*[-–]\s*(?:\1)?(\d{1,2})(?![\w/])")
#: Classes of one range at most: no school has more beside each other, and a typing error does not make a hundred.
_LONGEST_RANGE = 20
#: How many periods it is, which the programme says already.
_PERIODS = re.compile(r"\(?(?<!\d)\d{1,3}(?:[.,]\d{1,2})?\s*(?:tiết|t)\b(?:\s*/\s*tuần)?\)?", re.IGNORECASE)
#: Of what joins, what a subject ends at; the rest stands within one: "HĐTN-HN", "Ngoại ngữ 1".
_ENDS = frozenset(",:(+&")
_AND = frozenset({"va", "voi"})
_BREAKS = re.compile(r"[;\n\r]+|\.\s+(?=\D)")
#: Instead of subjects: everything the class learns that nobody else was given.
REST = "*"
_REST = frozenset({"cac mon", "cac mon con lai", "tat ca cac mon", "nhieu mon", "cac mon van hoa", "tat ca"})

#: Subject codes by what teachers call a subject; of several the first that the grade learns is meant.
CALLED: dict[str, tuple[str, ...]] = {
    called: tuple(codes.split())
    for codes, names in {
        "TOAN": "toan|toan hoc|dai so|hinh hoc",
        "NV TV": "van|ngu van|van hoc",
        "TV": "tieng viet|tv",
        "NN1": "tieng anh|anh|anh van|ta|ngoai ngu|nn|nn1|ngoai ngu 1|av",
        "VL KHTN": "li|ly|vat li|vat ly|vl",
        "HH KHTN": "hoa|hoa hoc|hh",
        "SH KHTN": "sinh|sinh hoc|sh",
        "KHTN": "khtn|khoa hoc tu nhien",
        "LS LSDL": "su|lich su|ls",
        "DL LSDL": "dia|dia li|dia ly|dl",
        "LSDL": "ls dl|lsdl|su dia|lich su dia li|lich su dia ly|lich su va dia li|lich su va dia ly|ls va dl",
        "GDCD GDKTPL DD": "gdcd|giao duc cong dan|cong dan|cd",
        "GDKTPL": "ktpl|gdktpl|gdkt pl|kinh te phap luat|kinh te va phap luat",
        "DD": "dao duc|dd",
        "TNXH": "tnxh|tu nhien xa hoi|tu nhien va xa hoi",
        "KH": "khoa hoc|kh",
        "CN THCN": "cong nghe|cn|ktcn|ktnn",
        "TIN THCN": "tin|tin hoc|th",
        "THCN": "tin hoc cong nghe|tin hoc va cong nghe|thcn",
        "GDTC": "gdtc|the duc|td|the chat|giao duc the chat",
        "GDQPAN": "gdqp|qpan|gdqpan|gdqp an|quoc phong|giao duc quoc phong",
        "AN NT": "nhac|am nhac|an",
        "MT NT": "mi thuat|my thuat|mt|ve|hoi hoa",
        "NT": "nghe thuat|nt",
        "HDTNHN HDTN": "hdtn|hdtnhn|hdtn hn|hn|trai nghiem|huong nghiep|hoat dong trai nghiem"
        "|hoat dong trai nghiem huong nghiep",
        "NDGDDP": "gddp|nddp|ndgddp|dia phuong|giao duc dia phuong|gd dia phuong|noi dung giao duc dia phuong"
        "|noi dung giao duc cua dia phuong",
    }.items()
    for called in names.split("|")
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A subject in a class. subjects: what may name the subject, the words of the file last; REST for all others."""

    class_name: str
    subjects: tuple[str, ...]


def duties_of(text: str, classes: str = "") -> list[Duty]:
    """The duties that a cell names, in order, each once.

    text     "Toán 6A1, 6A2; Tin 7A1", "Toán (6A1, 6A2)", "Toán, Tiếng Việt, Đạo đức 1A"
    classes  of a column of their own: subjects of `text` that name no class are taught there
    """
    beside = list(_classes_alone(classes))
    found: dict[Duty, None] = {}
    for part in dict.fromkeys(_BREAKS.split(_plain(text))):
        for subjects, named in _groups(part):
            for subject in subjects:
                for name in named or beside:
                    found[Duty(name, _called(subject))] = None
    return list(found)


def classes_of(text: str) -> list[str]:
    """The classes of a cell that holds nothing else: "6A1, 6A2"."""
    return list(dict.fromkeys(_classes_alone(text)))


class _Kind(StrEnum):
    """A class, by its whole name; a word of a subject; what stands within a subject; what ends one."""

    CLASS = "class"
    WORD = "word"
    SPACE = "space"
    END = "end"


def _plain(text: str) -> str:
    """Without periods, and 6A1-6A3 written out. The rest of a cell that is too long is left away."""
    return _RANGE.sub(_written_out, _PERIODS.sub(" ", text[:LONGEST]))


def _written_out(found: re.Match[str]) -> str:
    stem, first, last = found[1], int(found[2]), int(found[3])
    numbers = range(first, last + 1)
    return ", ".join(f"{stem}{number}" for number in numbers) if 0 < len(numbers) <= _LONGEST_RANGE else found[0]


def _tokens(part: str) -> Iterator[tuple[_Kind, str]]:
    """What the part is written in, in order. "Toán 6A1, 2": word, space, class 6A1, end, class 6A2."""
    last = ""  # the class before, when nothing but joints came after it
    for found in _TOKEN.finditer(part):
        text = found[found.lastgroup or 0]
        if found["joint"]:
            yield (_Kind.END if _ENDS.intersection(text) else _Kind.SPACE), text
        elif found["class"] or (found["short"] and last):
            last = _written(text) if found["class"] else _beside(last, text)
            yield _Kind.CLASS, last
        elif not (last and fold(text) in _AND):
            last = ""
            yield _Kind.WORD, text


def _groups(part: str) -> Iterator[tuple[list[str], list[str]]]:
    """Subjects and the classes behind them: several subjects before the first class share what follows."""
    subjects: list[str] = []
    classes: list[str] = []
    written = ""  # of the subject that is being read
    for kind, text in (*_tokens(part), (_Kind.END, "")):
        if kind is _Kind.WORD and classes:
            yield subjects, classes
            subjects, classes = [], []
        if kind is _Kind.WORD or (kind is _Kind.SPACE and written):
            written += text
        elif written:
            subjects.append(written.strip(" –-"))
            written = ""
        if kind is _Kind.CLASS:
            classes.append(text)
    if subjects:
        yield subjects, classes


def _classes_alone(text: str) -> Iterator[str]:
    return (name for kind, name in _tokens(_plain(text)) if kind is _Kind.CLASS)


def _written(name: str) -> str:
    return re.sub(r"\s+", "", name)


def _beside(last: str, more: str) -> str:
    """6A1 and "2" mean 6A2, 6A and "B" mean 6B, 6/1 and "2" mean 6/2."""
    stem = re.match(r"\d{1,2}[/.]|\d{1,2}[A-Za-zĐđ]+(?=\d)" if more[0].isdigit() else r"\d{1,2}", last)
    return (stem[0] if stem else "") + more


def _called(subject: str) -> tuple[str, ...]:
    key = heading_key(subject)
    if key in _REST:
        return (REST,)
    return (*CALLED.get(key, ()), subject)
