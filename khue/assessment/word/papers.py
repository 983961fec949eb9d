"""A Word file to questions. Everything that could not be read is a problem with its question's number."""

from dataclasses import dataclass, field
from enum import StrEnum

from khue.assessment.word import plain_papers, table_papers
from khue.assessment.word.lines import Grid, LineReader
from khue.assessment.word.package import NotAWordFile, Package, open_package
from khue.assessment.word.pieces import Line, plain
from khue.assessment.word.questions import PaperQuestion


class PaperProblem(StrEnum):
    """A reason that belongs to the whole paper."""

    NO_QUESTIONS = "no_questions"


@dataclass(frozen=True)
class WordPaper:
    """What a file holds.

    outside   lines that belong to no question: headings, names, the end mark
    pictures  bytes by the name used in `media:<name>`
    """

    questions: tuple[PaperQuestion, ...]
    outside: tuple[str, ...]
    pictures: dict[str, bytes] = field(repr=False)


def read(data: bytes) -> WordPaper:
    """Read a paper. Never loses a question silently: one that cannot be used carries its problems.

    Two shapes are known: a table with a row a question, and pages as teachers write them ("Câu 1. ... A. ... B. ...").
    Raises NotAWordFile.
    """
    package = open_package(data)
    try:
        blocks = list(LineReader(package).blocks(package.body))
        tables = [block for block in blocks if isinstance(block, Grid) and table_papers.is_paper(block)]
        questions = [question for table in tables for question in table_papers.questions_of(table)]
        rest = [block for block in blocks if not any(block is table for table in tables)]
        further, outside = plain_papers.questions_of(rest)
    except RecursionError as error:
        raise NotAWordFile("depth") from error
    questions.extend(further)
    return WordPaper(tuple(questions), tuple(_words(outside)), _pictures(package, questions))


def _words(lines: list[Line]) -> list[str]:
    return [words for line in lines if (words := plain(line).strip())]


def _pictures(package: Package, questions: list[PaperQuestion]) -> dict[str, bytes]:
    wanted = {name for question in questions for name in question.pictures}
    found: dict[str, bytes] = {}
    for part in package.targets.values():
        name = part.rpartition("/")[2]
        data = package.picture(part) if name in wanted else None
        if data is not None:
            found[name] = data
    return found
