"""Where a row can be mended: the page for each kind of record. Keys of our own records name the rows they come from."""

from django.urls import reverse

from khue.exchange.catalogue import Kind
from khue.exchange.queries import uuid_in

#: The page, and which part of the key names the row it shows.
_PAGES: dict[str, tuple[str, int]] = {
    Kind.STAFF: ("schools:staff_member", 1),
    Kind.CLASS_PRIMARY: ("schools:class", 1),
    Kind.CLASS_SECONDARY: ("schools:class", 1),
    Kind.CLASS_SUBJECT: ("schools:teachers", 1),
    Kind.CAMPUS: ("schools:campus", 1),
    Kind.PUPIL: ("registry:correct_person", 2),
    Kind.PUPIL_IDENTITY: ("registry:correct_person", 2),
    Kind.RESULT: ("registry:person", 2),
}


def address_of(kind: str, key: str) -> str:
    """The address of the page where the row behind a record can be mended; "" where there is none."""
    if kind == Kind.SCHOOL:
        return reverse("exchange:facts")
    page, place = _PAGES.get(kind, ("", 0))
    public_id = uuid_in(key, place)
    return reverse(page, args=[public_id]) if page and public_id else ""
