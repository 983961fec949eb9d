"""The conditions at the gateways of a drawing: a tiny language of comparisons, read and answered here and nowhere else.

    decision = "accept"
    days > 3 and not (kind = "copy" or is_urgent)

No Python, no FEEL, no functions: a name is a field that somebody filled in, and what nobody filled in equals nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 500
DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]{0,200}"|'[^'\\]{0,200}')|(?P<number>-?\d{1,15}(?:\.\d{1,6})?)(?![\w.])"""
    r"""|(?P<word>[A-Za-z_]\w{0,60})|(?P<sign><=|>=|!=|==|=|<|>|\(|\)))"""
)

Value = str | float | bool


class UnreadableCondition(ValueError):
    """The text is no condition of this language; says where."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A field beside a value. `sign` is one of = != < <= > >=."""

    name: str
    sign: str
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Either:
    left: "Condition"
    right: "Condition"


Condition = Compare | Not | Both | Either


@lru_cache(maxsize=1000)
def read(text: str) -> Condition:
    """The condition a text says. Raises UnreadableCondition."""
    if len(text) > LONGEST:
        raise UnreadableCondition(f"longer than {LONGEST} characters")
    reader = _Reader(_tokens(text))
    found = reader.either(0)
    if reader.rest:
        raise UnreadableCondition(f"not understood from {reader.rest[0][1]!r} on")
    return found


def holds(condition: Condition, data: Mapping[str, object]) -> bool:
    """Whether it is so for what was filled in. Never raises: things that cannot be compared are not so."""
    match condition:
        case Compare(name, sign, value):
            return _compared(data.get(name), sign, value)
        case Not(inner):
            return not holds(inner, data)
        case Both(left, right):
            return holds(left, data) and holds(right, data)
        case Either(left, right):
            return holds(left, data) or holds(right, data)


def names_in(condition: Condition) -> frozenset[str]:
    """The fields it looks at."""
    match condition:
        case Compare(name, _, _):
            return frozenset([name])
        case Not(inner):
            return names_in(inner)
        case Both(left, right) | Either(left, right):
            return names_in(left) | names_in(right)


def _compared(found: object, sign: str, value: Value) -> bool:
    if sign in ("=", "!="):
        alike = isinstance(found, bool) == isinstance(value, bool) and found == value
        return alike if sign == "=" else not alike
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (found, value))
    if not numbers and not (isinstance(found, str) and isinstance(value, str)):
        return False
    below, same = found < value, found == value  # type: ignore[operator]  # two numbers or two texts
    return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below}[sign]


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None or token.lastgroup is None:
            raise UnreadableCondition(f"not understood from {text[place : place + 20]!r} on")
        found.append((token.lastgroup, token[token.lastgroup]))
        place = token.end()
    return found


class _Reader:
    """Recursive descent: either → both → not → comparison."""

    def __init__(self, rest: list[tuple[str, str]]) -> None:
        self.rest = rest

    def either(self, depth: int) -> Condition:
        left = self.both(depth)
        while self._takes("word", "or"):
            left = Either(left, self.both(depth))
        return left

    def both(self, depth: int) -> Condition:
        left = self.single(depth)
        while self._takes("word", "and"):
            left = Both(left, self.single(depth))
        return left

    def single(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise UnreadableCondition("nested too deeply")
        if self._takes("word", "not"):
            return Not(self.single(depth + 1))
        if self._takes("sign", "("):
            inner = self.either(depth + 1)
            if not self._takes("sign", ")"):
                raise UnreadableCondition("a parenthesis is not closed")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        kind, name = self._next()
        if kind != "word" or name in ("and", "or", "not", "true", "false"):
            raise UnreadableCondition(f"a field is missing before {name!r}")
        if not self.rest or self.rest[0][0] != "sign" or self.rest[0][1] in "()":
            return Compare(name, "=", True)
        sign = self._next()[1]
        return Compare(name, "=" if sign == "==" else sign, self._value())

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text)
        if text in ("true", "false"):
            return text == "true"
        raise UnreadableCondition(f"a value is missing before {text!r}; texts stand in quotation marks")

    def _next(self) -> tuple[str, str]:
        if not self.rest:
            raise UnreadableCondition("it ends too early")
        return self.rest.pop(0)

    def _takes(self, kind: str, text: str) -> bool:
        if self.rest and self.rest[0] == (kind, text):
            self.rest.pop(0)
            return True
        return False
