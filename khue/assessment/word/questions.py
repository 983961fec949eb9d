"""One question as a paper gives it, with what is wrong about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from khue.assessment.word import answer_keys
from khue.assessment.word.bare_tex import dressed, has_bare_tex
from khue.assessment.word.lines import unsupported_in
from khue.assessment.word.pieces import Line, html, plain
from khue.assessment.word.splitting import Split, flow, marked_keys, split_choices, unflow


class Problem(StrEnum):
    """Why a question cannot be used as it is, or what to look at. `blocking` says which."""

    NO_CHOICES = "no_choices"
    FEW_CHOICES = "few_choices"
    EMPTY_CHOICE = "empty_choice"
    NO_STEM = "no_stem"
    NO_KEY = "no_key"
    KEY_UNCLEAR = "key_unclear"
    KEY_OUTSIDE = "key_outside"
    PICTURE_UNSUPPORTED = "picture_unsupported"
    PICTURE_MISSING = "picture_missing"
    NUMBER_REPEATED = "number_repeated"
    FORMULA_OPEN = "formula_open"
    FORMULA_BARE = "formula_bare"

    @property
    def blocking(self) -> bool:
        return self in _BLOCKING


_BLOCKING = {
    Problem.NO_CHOICES,
    Problem.FEW_CHOICES,
    Problem.EMPTY_CHOICE,
    Problem.NO_STEM,
    Problem.NO_KEY,
    Problem.KEY_UNCLEAR,
    Problem.KEY_OUTSIDE,
}
Found = tuple[Problem, str]


@dataclass(frozen=True)
class PaperQuestion:
    """number as printed; stem, choices and explanation as HTML; key a position from 1; problems with details."""

    number: str
    stem: str
    choices: tuple[str, ...]
    key: int | None
    explanation: str
    problems: tuple[Found, ...]

    @property
    def is_usable(self) -> bool:
        return not any(problem.blocking for problem, _ in self.problems)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures shown anywhere in the question, once each."""
        text = " ".join([self.stem, *self.choices, self.explanation])
        return tuple(dict.fromkeys(re.findall(r'src="media:([^"]+)"', text)))


def question(
    *,
    number: str,
    passage: Sequence[Line],
    text: Sequence[Line],
    explanation: Sequence[Line],
    key: int | None,
    figures: Sequence[Line] = (),
) -> PaperQuestion:
    """Put a question together from its lines.

    passage      what stands before it and is shared with others
    figures      what is shown below its stem
    key          from an answer table or cell; None where only print or explanation can tell
    """
    split = split_choices(flow(text)) or Split(stem=flow(text), choices=())
    stem = dressed(html([*passage, *unflow(split.stem), *figures]))
    choices = tuple(dressed(html(unflow(choice.content))) for choice in split.choices)
    explained = dressed(html(explanation))
    key, problems = _key(key, split, explanation)
    problems += [
        (Problem.PICTURE_UNSUPPORTED, name) for name in unsupported_in([*passage, *text, *figures, *explanation])
    ]
    problems += _problems(stem, choices, explained)
    return PaperQuestion(number, stem, choices, key, explained, tuple(problems))


def _key(given: int | None, split: Split, explanation: Sequence[Line]) -> tuple[int | None, list[Found]]:
    if not split.choices:
        return None, []
    marked = marked_keys(split.choices)
    said = answer_keys.said_in("\n".join(plain(line) for line in explanation))
    key = given or (marked[0] if len(marked) == 1 else None) or said
    if key is None:
        letters = ", ".join(split.choices[place - 1].letter for place in marked)
        return None, [(Problem.KEY_UNCLEAR, letters) if marked else (Problem.NO_KEY, "")]
    if key > len(split.choices):
        return None, [(Problem.KEY_OUTSIDE, chr(64 + key))]
    return key, []


def _problems(stem: str, choices: tuple[str, ...], explanation: str) -> list[Found]:
    found: list[Found] = []
    if not stem.strip():
        found.append((Problem.NO_STEM, ""))
    if not choices:
        found.append((Problem.NO_CHOICES, ""))
    elif len(choices) < 4:
        # Three may be meant; more often a label is misprinted and two choices have run into one.
        found.append((Problem.FEW_CHOICES, str(len(choices))))
    found += [(Problem.EMPTY_CHOICE, chr(64 + place)) for place, text in enumerate(choices, 1) if not text.strip()]
    whole = [stem, *choices, explanation]
    if any(text.count("$") % 2 for text in whole):
        found.append((Problem.FORMULA_OPEN, ""))
    elif any(has_bare_tex(text) for text in whole):
        found.append((Problem.FORMULA_BARE, ""))
    return found
