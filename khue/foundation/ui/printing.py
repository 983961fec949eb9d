"""What compiled templates call hundreds of times a page. docs/decisions/0092"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from jinja2 import Environment
from jinja2.utils import missing
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]  # private, quick and slow alike


def shown(value: object) -> str:
    """A value as it stands in a page, escaped. A fifth of what markupsafe's escape() costs: it is joined at once."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # as its type says
    if kind is str:
        return _escape_inner(value)  # type: ignore[arg-type]  # as its type says
    if kind is int:
        return str(value)
    if isinstance(value, Promise):  # a word of a label, which escape() would look through for markup first
        return escape(str(value))
    return escape(value)


def written(parts: Iterable[str]) -> Markup:
    """Parts that are escaped already, as one."""
    return str.__new__(Markup, "".join(parts))


def joined(parts: Sequence[object]) -> str:
    """Values beside each other; escaped where one of them is markup. A tenth of what Jinja's own costs."""
    for part in parts:
        if type(part) is not str and hasattr(part, "__html__"):
            return written(map(shown, parts))
    return "".join(map(str, parts))


def attributes(values: Mapping[str, object]) -> Markup:
    """Attributes of an element, each with a space before it; True prints the bare name, None and False nothing."""
    parts = [
        f" {shown(name)}" if value is True else f' {shown(name)}="{shown(value)}"'
        for name, value in values.items()
        if value is not None and value is not False
    ]
    return written(parts)


def piece(body: Callable[[], str]) -> Callable[[], Markup]:
    """What stands between a call and its end, for the macro that is called: it is made anew for each row of a list."""
    return lambda: str.__new__(Markup, body())


class Component:
    """A macro. Jinja's own finds out at every call what is known when it is written, and takes three times as long."""

    __slots__ = ("_body", "_places", "_values", "arguments", "name")

    def __init__(
        self,
        environment: Environment,
        body: Callable[..., str],
        name: str | None,
        arguments: Sequence[str],
        takes_caller: bool,
    ) -> None:
        self._body = body
        self.name = name
        self.arguments = arguments
        # The body wants all its arguments in order, and `missing` for what it has a default for.
        self._values: list[Any] = [missing] * len(arguments)
        self._places = {argument: place for place, argument in enumerate(arguments)}
        if takes_caller and "caller" not in self._places:
            self._places["caller"] = len(self._values)
            self._values.append(environment.undefined("No caller defined", name="caller"))

    def __call__(self, *args: object, **named: object) -> Markup:
        """What the macro prints."""
        count = len(args)
        if count > len(self.arguments):
            raise TypeError(f"macro {self.name!r} takes {len(self.arguments)} arguments, not {count}")
        values = [*args, *self._values[count:]]
        for name, value in named.items():
            place = self._places.get(name, -1)
            if place < count:
                raise TypeError(f"macro {self.name!r} takes no argument {name!r} beside its first {count}")
            values[place] = value
        return str.__new__(Markup, self._body(*values))
