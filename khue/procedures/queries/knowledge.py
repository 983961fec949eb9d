"""What the platform knows of a person, so that no form asks for it again (domain §5.1: once-only)."""

from django.utils.translation import gettext as _

from khue.procedures import extensions
from khue.registry.models import Person


def known_of(person: Person | None) -> dict[str, str]:
    """What is known, by the names forms use in `x-from`; empty for somebody the platform does not know.

    cost  what the rooms above ask: a query each
    """
    if person is None:
        return {}
    known = {
        "person.full_name": person.full_name,
        "person.national_id": person.national_id or "",
        "person.address": person.address,
        "person.birthplace": person.birthplace,
        # Only what the file states: that it states nothing is no proof of the contrary.
        "person.is_poor_household": _("Có") if person.is_poor_household else "",
        "person.is_disabled": _("Có") if person.is_disabled else "",
    }
    for facts in extensions.known:
        known.update(facts(person.id))
    return {name: value for name, value in known.items() if value}
