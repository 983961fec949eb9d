"""Whether a sheet of another school is about this pupil. Pure."""

from khue.foundation.text import fold
from khue.records.content import Pupil
from khue.registry.models import Person


def is_of(pupil: Pupil, person: Person) -> bool:
    """Whether what the sheet says of its pupil fits the file of a person.

    A number that both have decides; without one, name and day of birth must both be the same.
    """
    for said, known in ((pupil.national_id, person.national_id), (pupil.moet_code, person.moet_code)):
        if said and known:
            return said == known
    birth = "-".join(f"{part:02}" for part in (person.birth_year, person.birth_month, person.birth_day) if part)
    return bool(birth) and pupil.birth == birth and fold(pupil.full_name) == fold(person.full_name)
