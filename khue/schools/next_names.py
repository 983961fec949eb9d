"""What a class is called a year later."""

import re

LAST_GRADES = frozenset({5, 9, 12})
_GRADE = re.compile(r"\d+")


def next_name(name: str, grade: int) -> str:
    """The name of the class in the next grade: "6A1" of grade 6 becomes "7A1", "Lớp 9/2" of grade 9 "Lớp 10/2".

    A name that does not say its grade is kept: "Chim Non".
    """
    found = _GRADE.search(name)
    if found is None or int(found[0]) != grade:
        return name
    return f"{name[: found.start()]}{grade + 1}{name[found.end() :]}"
