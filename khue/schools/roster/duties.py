"""What a school writes in the column of duties: "Toán 6A1, 6A2; Tin 7A1" read into subjects and classes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from khue.foundation.workbooks.headings import heading_key

#: A class as it is written among duties: 6A1, 10A, 6/1, 9.2, 6A 1; "Lớp" before it says nothing.
_CLASS = re.compile(
    r"(?:lớp\s+)?(\d{1,2}\s?[A-Za-zĐđ]{1,3}\s?\d{0,2}|\d{1,2}[/.]\d{1,2})(?=$|[\s,;:.()+&–-])", re.IGNORECASE
)
#: What follows a class and means its neighbour: 6A1, 2, 3 and 6A, B.
_NEIGHBOUR = re.compile(r"(\d{1,2}|[A-Za-zĐđ]\d{0,2})(?=$|[\s,;.+&)])")
_RANGE = re.compile(r"(\d{1,2}[A-Za-zĐđ]+|\d{1,2}/)(\d{1,2})\s*[-–]\s*(?:\1)?(\d{1,2})(?![\w/])")
#: How many periods it is, which the programme says already.
_PERIODS = re.compile(r"\(?\d+(?:[.,]\d+)?\s*(?:tiết|t)\b(?:\s*/\s*tuần)?\)?", re.IGNORECASE)
_BREAKS = re.compile(r"[;\n\r]+|\.\s+(?=\D)")
_JOINTS = re.compile(r"[\s,:.()+&–-]+")
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
    for part in _BREAKS.split(_plain(text)):
        for subjects, named in _groups(part):
            for subject in subjects:
                for name in named or beside:
                    found[Duty(name, _called(subject))] = None
    return list(found)


def classes_of(text: str) -> list[str]:
    """The classes of a cell that holds nothing else: "6A1, 6A2"."""
    return list(dict.fromkeys(_classes_alone(text)))


def _plain(text: str) -> str:
    """Without periods, and 6A1-6A3 written out."""
    return _RANGE.sub(_written_out, _PERIODS.sub(" ", text))


def _written_out(found: re.Match[str]) -> str:
    stem, first, last = found[1], int(found[2]), int(found[3])
    return ", ".join(f"{stem}{number}" for number in range(first, last + 1)) or found[0]


def _groups(part: str) -> Iterator[tuple[list[str], list[str]]]:
    """Subjects and the classes behind them: several subjects before the first class share what follows."""
    subjects: list[str] = []
    classes: list[str] = []
    for word in _words(part):
        if isinstance(word, str):
            if classes:
                yield subjects, classes
                subjects, classes = [], []
            subjects.append(word)
        else:
            classes.append(word[0])
    if subjects:
        yield subjects, classes


def _words(part: str) -> Iterator[str | tuple[str]]:
    """Subjects as texts, classes in a tuple, in the order of the file."""
    subject, place, last = "", 0, ""
    while place < len(part):
        if joint := _JOINTS.match(part, place):
            is_end = any(letter in joint[0] for letter in ",:(+&")
            if subject and is_end:
                yield subject
                subject = ""
            elif subject:
                subject += joint[0]
            place = joint.end()
            continue
        found = _CLASS.match(part, place)
        neighbour = _NEIGHBOUR.match(part, place) if last and not subject.strip() else None
        if found or neighbour:
            if subject.strip():
                yield subject.strip()
            subject = ""
            last = _written(found[1]) if found else _beside(last, neighbour[1] if neighbour else "")
            place = found.end() if found else (neighbour.end() if neighbour else place + 1)
            yield (last,)
            continue
        letters = re.match(r"[^\s,:.()+&–-]+", part[place:])
        piece = letters[0] if letters else part[place]
        subject, last = subject + piece, ""
        place += len(piece)
    if subject.strip(" –-"):
        yield subject.strip(" –-")


def _classes_alone(text: str) -> Iterator[str]:
    text, last, place = _plain(text), "", 0
    while place < len(text):
        if found := _CLASS.match(text, place):
            last, place = _written(found[1]), found.end()
            yield last
        elif last and (neighbour := _NEIGHBOUR.match(text, place)):
            last, place = _beside(last, neighbour[1]), neighbour.end()
            yield last
        else:
            place += 1


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
