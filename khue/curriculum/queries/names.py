"""What subjects are called in the language of the reader."""

from functools import cache

from django.utils.translation import get_language

from khue.curriculum.shipped import rows

SHIPPED = ("strands.csv", "subjects.csv")


def subject_named(name: str) -> str:
    """A subject, or a strand of one, as the reader calls it: by its Vietnamese name from a page's query. No query.

    What has no English name, a subject that only this node knows, keeps its own. Papers and exports of the law ask
    nothing here and stay Vietnamese.
    """
    return _english().get(name, name) if get_language() == "en" else name


@cache
def _english() -> dict[str, str]:
    return {row["name"]: row["name_en"] for table in SHIPPED for row in rows(table)}
