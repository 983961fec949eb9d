"""Whether a school keeps its marks here."""

from khue.gradebook.models import MarkBook


def count_books(organisation_id: int) -> int:
    """Mark-books of a school. One query."""
    return MarkBook.objects.filter(organisation_id=organisation_id).count()
