"""The 27 graduation papers of 2019-2021: nothing is lost, and what is read agrees with the same questions as JSON.

The papers are no part of the repository (no licence); KHUE_TEST_DATA or ../shared/data beside it says where they are.
"""

import json
import os
import re
from functools import lru_cache
from html import unescape
from pathlib import Path

import pytest

from khue.assessment.word import papers
from khue.assessment.word.questions import PaperQuestion

ROOT = Path(__file__).parents[3]
PLACES = [os.environ.get("KHUE_TEST_DATA", ""), ROOT / "../shared/data", ROOT / "../../shared/data"]
EXAMS = next((Path(place) / "exams" for place in PLACES if place and (Path(place) / "exams").is_dir()), None)
WORD_FILES = sorted(EXAMS.glob("*/*.docx")) if EXAMS else []

#: Questions whose JSON says something else than the Word file: a word torn in two, a formula left out.
JSON_DIFFERS = {("MET_Math_IE_2019", "3"), ("MET_Math_IE_2019", "14")}

needs_papers = pytest.mark.skipif(not WORD_FILES, reason="NO REAL PAPERS: set KHUE_TEST_DATA to the folder with exams/")


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def bare(text: str) -> str:
    """Without white space, dollars, labels' punctuation and the command for underlining."""
    return re.sub(r"[\s$.):]", "", re.sub(r"\\underline\{([^{}]*)\}", r"\1", text))


def as_printed(question: PaperQuestion) -> str:
    return bare(words(question.stem) + "".join(f"{'ABCD'[n]}{words(c)}" for n, c in enumerate(question.choices)))


def as_json(question: dict[str, str]) -> str:
    return bare(re.sub(r"(?mi)^\s*(Câu|Question)\s*\d+\s*[.:)]*", "", question["Question"], count=1))


@lru_cache
def read(path: Path) -> papers.WordPaper:
    return papers.read(path.read_bytes())


@needs_papers
@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_a_paper_agrees_with_its_json(path: Path):
    wanted = json.loads(path.with_suffix(".json").read_text())
    paper = read(path)

    assert len(paper.questions) == len(wanted)
    if "Choice" not in wanted[0]:  # essays: none can be used, each says why
        assert all([code for code, _ in q.problems] == ["no_choices"] for q in paper.questions)
        return
    assert [chr(64 + (q.key or 0)) for q in paper.questions] == [w["Choice"].strip() for w in wanted]
    differing = [
        (path.stem, q.number)
        for q, w in zip(paper.questions, wanted, strict=True)
        # In order, or the same letters where two columns were put in order.
        if as_printed(q) != as_json(w) and sorted(as_printed(q)) != sorted(as_json(w))
    ]
    assert set(differing) <= JSON_DIFFERS
    assert [bool(w["Image_Question"].strip()) for w in wanted] == ["<img" in q.stem for q in paper.questions]
    assert all(name in paper.pictures for q in paper.questions for name in q.pictures)


@needs_papers
def test_all_but_three_of_the_choice_questions_can_be_used_as_they_are():
    questions = [q for path in WORD_FILES if "_IE_" in path.name for q in read(path).questions]

    unusable = [(q.number, [str(code) for code, _ in q.problems]) for q in questions if not q.is_usable]

    assert len(questions) == 1020
    # In each of these the paper prints one letter twice or none.
    assert [codes[0] for _number, codes in unusable] == ["few_choices"] * 3
