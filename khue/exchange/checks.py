"""What a record must satisfy: pure checks over a column of values, named in the rows of ValidationRule.

A check gets whole payloads, the field and the argument of its rule, and answers for each payload whether it is well.
Where nothing is said it complains only if that is what it checks: `required` does, `digits` does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from khue.exchange.envelope import Payload

#: Whether each of these payloads is well.
Check = Callable[[Sequence[Payload], str, str, date], list[bool]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of ValidationRule, as validation reads it."""

    code: str
    kind: str
    field: str
    check: str
    argument: str
    is_error: bool
    duty: str
    message: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """That one rule complains about one record."""

    rule: Rule
    position: int


def complaints(kind: str, payloads: Sequence[Payload], rules: Sequence[Rule], on: date) -> list[Complaint]:
    """Everything that is wrong with records of one kind, rule by rule. Costs a pass over the records a rule."""
    found = []
    for rule in rules:
        if rule.kind == kind:
            well = CHECKS[rule.check](payloads, rule.field, rule.argument, on)
            if not all(well):
                found += [Complaint(rule, place) for place, is_well in enumerate(well) if not is_well]
    return found


def _is_said(value: object) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def required(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """Something is said."""
    return [_is_said(payload.get(field)) for payload in payloads]


def one_of(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """One of the codes, "1|2|3"."""
    allowed = frozenset(argument.split("|")) | {"", None}
    return [_text(payload.get(field)) in allowed for payload in payloads]


def codes(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """One or several of the codes, with commas."""
    allowed = frozenset(argument.split("|"))
    return [
        not _is_said(value := payload.get(field)) or (isinstance(value, str) and allowed.issuperset(value.split(",")))
        for payload in payloads
    ]


def digits(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """So many ASCII digits."""
    count = int(argument)
    return [
        not _is_said(value := payload.get(field))
        or (isinstance(value, str) and len(value) == count and value.isascii() and value.isdecimal())
        for payload in payloads
    ]


def letters(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """So many capital ASCII letters."""
    count = int(argument)
    return [
        not _is_said(value := payload.get(field))
        or (isinstance(value, str) and len(value) == count and value.isascii() and value.isalpha() and value.isupper())
        for payload in payloads
    ]


def most_letters(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """Text of at most so many letters."""
    most = int(argument)
    return [
        not _is_said(value := payload.get(field)) or (isinstance(value, str) and len(value) <= most)
        for payload in payloads
    ]


def between(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A number from the first to the second, "0|10"."""
    least, most = map(float, argument.split("|"))
    return [
        not _is_said(value := payload.get(field)) or (_is_number(value) and least <= value <= most)
        for payload in payloads
    ]


def not_above(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A number that is not greater than that of another field."""
    pairs = [(payload.get(field), payload.get(argument)) for payload in payloads]
    return [not (_is_number(value) and _is_number(most)) or value <= most for value, most in pairs]


def marks(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A list of subjects with a mark from the first to the second."""
    least, most = map(float, argument.split("|"))
    return [
        not _is_said(value := payload.get(field))
        or (
            isinstance(value, list)
            and all(
                isinstance(part, dict)
                and _is_said(part.get("mamonhoc"))
                and (part.get("diem") is None or (_is_number(part["diem"]) and least <= part["diem"] <= most))
                for part in value
            )
        )
        for payload in payloads
    ]


def has_part(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A part with that named field filled in."""
    return [isinstance(value := payload.get(field), dict) and _is_said(value.get(argument)) for payload in payloads]


def past_day(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A real day, not after today."""
    return [not _is_said(value := payload.get(field)) or _is_past(value, on) for payload in payloads]


def any_birth(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """A day, a month or a year of birth is said."""
    return [
        any(_is_said(payload.get(name)) for name in ("ngaythangnamsinh", "thangnamsinh", "namsinh"))
        for payload in payloads
    ]


def number_or_paper(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """The 12-digit number, or the paper of a foreigner who has none."""
    return [_is_said(payload.get(field)) or _is_said(payload.get("sogiaytoxnc")) for payload in payloads]


def number_fits_sex(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """The fourth digit is even for a man, odd for a woman (domain §1.7)."""
    return [
        not _is_twelve(number := payload.get(field))
        or payload.get("gioitinh") not in ("1", "2")
        or int(number[3]) % 2 == (payload["gioitinh"] == "2")
        for payload in payloads
    ]


def number_fits_year(payloads: Sequence[Payload], field: str, argument: str, on: date) -> list[bool]:  # noqa: ARG001
    """Digits 4-6 give century and year of birth (domain §1.7)."""
    well = []
    for payload in payloads:
        number, year = payload.get(field), _year_of(payload)
        if not _is_twelve(number) or year is None:
            well.append(True)
        else:
            well.append(1900 + 100 * (int(number[3]) // 2) + int(number[4:6]) == year)
    return well


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        required, one_of, codes, digits, letters, most_letters, between, not_above, marks, has_part, past_day,
        any_birth, number_or_paper, number_fits_sex, number_fits_year,
    )
}  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) or value is None else str(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_twelve(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) == 12 and value.isascii() and value.isdecimal()


def _is_past(value: object, on: date) -> bool:
    try:
        return isinstance(value, str) and date(1900, 1, 1) <= date.fromisoformat(value) <= on
    except ValueError:
        return False


def _year_of(payload: Payload) -> int | None:
    for name in ("ngaythangnamsinh", "thangnamsinh", "namsinh"):
        value = payload.get(name)
        if isinstance(value, str) and value[:4].isascii() and value[:4].isdecimal() and len(value) >= 4:
            return int(value[:4])
    return None
