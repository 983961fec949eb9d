"""Whether the fields of a record have the form that the specification gives them: pure, column by column."""

from collections.abc import Callable, Iterator, Sequence

from khue.exchange.catalogue import Field, Kind, by_name
from khue.exchange.envelope import Payload

#: Letters of a part or list without a length of its own, and how many parts a list may have.
LONGEST_TEXT = 1000
MOST_PARTS = 60


def misshapen(kind: Kind, payloads: Sequence[Payload]) -> Iterator[tuple[int, str]]:
    """(place, field) of every value that is not of its field's type, or longer than it may be."""
    for name, field in by_name(kind).items():
        fits = _FITS[field.type]
        for place, payload in enumerate(payloads):
            value = payload.get(name)
            if value is not None and not fits(value, field):
                yield place, name


def strangers(payloads: Sequence[Payload], allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    """(place, field) of every field that this level may not see, or that the kind does not have."""
    for place, payload in enumerate(payloads):
        if not payload.keys() <= allowed:
            for name in payload.keys() - allowed:
                yield place, name[:40]


def _is_text(value: object, field: Field) -> bool:
    return isinstance(value, str) and len(value) <= (field.length or LONGEST_TEXT)


def _is_int(value: object, field: Field) -> bool:  # noqa: ARG001
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def _is_number(value: object, field: Field) -> bool:  # noqa: ARG001
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**12


def _is_flag(value: object, field: Field) -> bool:  # noqa: ARG001
    return value in (0, 1) and isinstance(value, int) and not isinstance(value, bool)


def _is_part(value: object, field: Field) -> bool:  # noqa: ARG001
    return isinstance(value, dict) and len(value) <= MOST_PARTS and all(_is_plain(each) for each in value.values())


def _is_list(value: object, field: Field) -> bool:
    return isinstance(value, list) and len(value) <= MOST_PARTS and all(_is_part(each, field) for each in value)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return value is None or (isinstance(value, int | float) and abs(value) < 10**12)


_FITS: dict[str, Callable[[object, Field], bool]] = {
    "text": _is_text,
    "code": _is_text,
    "date": _is_text,
    "int": _is_int,
    "number": _is_number,
    "bool": _is_flag,
    "object": _is_part,
    "list": _is_list,
}
