"""What schools know of a pupil, so that no form asks for it (once-only, domain §5.1)."""

from khue.foundation import clock
from khue.schools.dossiers.places import place_now


def facts_of(person_id: int) -> dict[str, str]:
    """School, class, year and sex of a pupil, by the names forms use; what is not known is "". One query."""
    place = place_now(person_id, clock.today())
    if place is None:
        return {}
    return {
        "school": place.organisation.name,
        "class": place.school_class.name,
        "grade": str(place.school_class.grade),
        "sex": place.person.sex.replace("0", ""),
        "school_year": place.school_class.school_year.code,
    }


def school_left(person_id: int) -> int | None:
    """The school a pupil would leave."""
    place = place_now(person_id, clock.today())
    return place.organisation_id if place else None
