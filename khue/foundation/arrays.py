"""Long lists on their way to PostgreSQL, which the driver would write element by element."""

from collections.abc import Iterable


def array(values: Iterable[object]) -> str:
    """The values as PostgreSQL writes an array. The statement says of what: `= ANY(%s::bigint[])`."""
    elements = ["NULL" if value is None else f'"{value}"' for value in values]
    written = ",".join(elements)
    # Each element has its two quotation marks; more of them, or a backslash, must be escaped.
    if "\\" in written or written.count('"') != 2 * (len(elements) - elements.count("NULL")):
        written = ",".join(map(_escaped, elements))
    return f"{{{written}}}"


def _escaped(element: str) -> str:
    if element == "NULL":
        return element
    escaped = element[1:-1].replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
