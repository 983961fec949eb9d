"""Long lists on their way to PostgreSQL, which the driver would write element by element."""

from collections.abc import Iterable


def array(values: Iterable[object]) -> str:
    """The values as PostgreSQL writes an array. The statement says of what: `= ANY(%s::bigint[])`."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if text.isascii() and text.isalnum() and text.upper() != "NULL":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
