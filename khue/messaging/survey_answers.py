"""What is an answer to a question of a survey: read from what was typed, kept as plain values, summed up. No ORM."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.foundation.text import nfc, printable

MOST_TEXT = 500
#: An answer as a spreadsheet takes it.
Cell = str | int | float | date
#: A number has at most so many digits before the comma, and two behind it.
MOST_DIGITS = 9
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


class NotAnAnswer(Refusal):
    code = "not_an_answer"


class AnswerMissing(NotAnAnswer):
    code = "answer_missing"
    message = _("Câu này cần được trả lời.")


class NotAChoice(NotAnAnswer):
    code = "not_a_choice"
    message = _("Hãy chọn trong các mục đã cho.")


class NotANumber(NotAnAnswer):
    code = "not_a_number"
    message = _("Hãy nhập một số, ví dụ 12 hoặc 12,5.")


class OutOfRange(NotAnAnswer):
    code = "out_of_range"
    message = _("Hãy nhập số %(ends)s.")


class NotADay(NotAnAnswer):
    code = "not_a_day"
    message = _("Hãy nhập ngày như 05/12/2026.")


class TextTooLong(NotAnAnswer):
    code = "text_too_long"
    message = _("Nhiều nhất %(most)s kí tự.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an answer is read against it.

    kind     of SurveyQuestion.Kind
    choices  the numbers that may be chosen
    """

    kind: str
    is_required: bool = True
    choices: frozenset[int] = frozenset()
    least: int | None = None
    most: int | None = None


def read_answer(asked: Asked, typed: Sequence[str]) -> list[str]:
    """The values to keep: none where nothing was typed, several only where several may be chosen.

    typed    as the form brought it, in any number
    refuses  AnswerMissing, NotAChoice, NotANumber, OutOfRange, NotADay, TextTooLong
    """
    given = [text.strip() for text in typed if text.strip()]
    if not given:
        if asked.is_required:
            raise AnswerMissing
        return []
    if asked.kind == "several":
        return sorted({_choice(asked, text) for text in given}, key=int)
    if len(given) > 1:
        raise NotAChoice
    return [_READERS[asked.kind](asked, given[0])]


def _choice(asked: Asked, text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text) in asked.choices):
        raise NotAChoice
    return str(int(text))


def _step(asked: Asked, text: str) -> str:
    steps = range(asked.least or 0, (asked.most or 0) + 1)
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 7 and int(text) in steps):
        raise NotAChoice
    return str(int(text))


def _number(asked: Asked, text: str) -> str:
    plain = text.replace(" ", "").replace("\u00a0", "")
    # "1.250.000" and "1.250,5" are Vietnamese; one point alone before other than three digits is a decimal point.
    if "," in plain or plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.rpartition(".")[2]) == 3):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain) if plain.isascii() and "_" not in plain else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number.adjusted() >= MOST_DIGITS or number.adjusted() < -2:
        raise NotANumber
    if (asked.least is not None and number < asked.least) or (asked.most is not None and number > asked.most):
        raise OutOfRange(ends=ends_in_words(asked.least, asked.most))
    return format((number.quantize(Decimal("0.01")) + 0).normalize(), "f")


def ends_in_words(least: int | None, most: int | None) -> str:
    """Between what a number must lie: "từ 1 đến 10"."""
    if most is None:
        return str(_("từ %(least)s trở lên") % {"least": least})
    if least is None:
        return str(_("không quá %(most)s") % {"most": most})
    return str(_("từ %(least)s đến %(most)s") % {"least": least, "most": most})


def _day(_asked: Asked, text: str) -> str:
    for form in _DAYS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found.isoformat()
    raise NotADay


def _text(_asked: Asked, text: str) -> str:
    plain = nfc(printable(text.replace("\r\n", "\n"))).strip()
    if len(plain) > MOST_TEXT:
        raise TextTooLong(most=MOST_TEXT)
    if not plain:
        raise AnswerMissing
    return plain


_READERS = {"one": _choice, "scale": _step, "number": _number, "date": _day, "text": _text}


@dataclass(frozen=True, slots=True)
class Sum:
    """What a question got.

    counts   how often each value was given; of choices and scales also those nobody gave, in their order
    answers  how many values were given in all
    mean, least, most  of numbers and scales; None of anything else, or where nobody answered
    """

    counts: Mapping[str, int]
    answers: int
    mean: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None


def summed(asked: Asked, given: Iterable[tuple[str, int]]) -> Sum:
    """Sum up what was given: pairs of a value and how often."""
    found: Counter[str] = Counter()
    for value, count in given:
        found[value] += count
    answers = found.total()
    if asked.kind in ("one", "several"):
        return Sum({str(number): found[str(number)] for number in sorted(asked.choices)}, answers)
    if asked.kind not in ("scale", "number"):
        order = sorted(found) if asked.kind == "date" else list(found)
        return Sum({value: found[value] for value in order}, answers)
    steps = range(asked.least or 0, (asked.most or 0) + 1) if asked.kind == "scale" else ()
    values = sorted({*map(Decimal, found), *map(Decimal, steps)})
    counts = {str(value): found[str(value)] for value in values}
    if not answers:
        return Sum(counts, 0)
    numbers = {Decimal(value): count for value, count in found.items() if count}
    mean = sum((value * count for value, count in numbers.items()), Decimal(0)) / answers
    return Sum(counts, answers, mean.quantize(Decimal("0.01")), min(numbers), max(numbers))


def value_in_words(asked: Asked, value: str, choices: Mapping[int, str]) -> str:
    """A kept value as people read it: the text of the choice, a day as 05/12/2026, a number with a comma."""
    if asked.kind in ("one", "several"):
        return choices.get(int(value), value)
    if asked.kind == "date":
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return value.replace(".", ",") if asked.kind == "number" else value


def value_as_cell(asked: Asked, value: str, choices: Mapping[int, str]) -> Cell:
    """A kept value as a spreadsheet counts with it: numbers and days as such, everything else in words."""
    if asked.kind == "date":
        return date.fromisoformat(value)
    if asked.kind in ("number", "scale"):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    return value_in_words(asked, value, choices)
