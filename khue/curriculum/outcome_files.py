"""Outcome files of any format, from bytes."""

from khue.curriculum.outcome_case import parse_case
from khue.curriculum.outcome_csv import parse_csv
from khue.curriculum.outcome_nodes import Parsed
from khue.curriculum.refusals import FileTooLarge, UnreadableFile

LARGEST = 10 * 1024 * 1024
CSV, CASE = "csv", "case"


def decoded(content: bytes) -> str:
    """The text of a file.

    refuses  FileTooLarge; UnreadableFile when it is neither UTF-8 nor Excel's UTF-16
    """
    if len(content) > LARGEST:
        raise FileTooLarge(megabytes=LARGEST // 1024 // 1024)
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(detail="UTF-8") from error
    if "\x00" in text:
        raise UnreadableFile(detail="NUL")
    return text


def format_of(text: str) -> str:
    """ "case" for JSON, "csv" for everything else, by how the text begins."""
    return CASE if text.lstrip()[:1] in ("{", "[") else CSV


def parse(text: str, format: str, *, grade: int) -> Parsed:
    """Read a file of either format; see parse_csv and parse_case."""
    return (parse_case if format == CASE else parse_csv)(text, grade=grade)
