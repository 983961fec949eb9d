"""What is written down about many people at once: for imports and exports, which compare or print whole files."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from khue.foundation.clock import today
from khue.registry import access
from khue.registry.models import Affiliation, Guardianship, Organisation, Person
from khue.registry.partial_dates import PartialDate
from khue.registry.person_details import PersonDetails

_TEXTS = (
    "full_name",
    "other_name",
    "sex",
    "birthplace",
    "foreign_paper",
    "ethnicity",
    "nationality",
    "address",
    "territory_id",
    "phone",
    "email",
    "occupation",
    "is_disabled",
    "is_poor_household",
)


def details_of_members(organisation: Organisation, kind: str) -> dict[int, PersonDetails]:
    """Everybody of that kind who belongs to the organisation today, by person id. One query, a row a member.

    Everything is given, so the caller has checked that the actor may work with these files.
    """
    members = Affiliation.objects.filter(organisation=organisation, kind=kind)
    members = members.filter(Q(valid_to=None) | Q(valid_to__gte=today()))
    return _details(Person.objects.filter(id__in=members.values("person_id")))


def details_of(people: Collection[int]) -> dict[int, PersonDetails]:
    """The same for people named by id, within the transaction's scope. One query, a row a person."""
    return _details(Person.objects.filter(id__in=list(people))) if people else {}


@dataclass(frozen=True, slots=True)
class GuardianLink:
    """That one adult is a guardian of one child today, and as what."""

    guardianship_id: int
    child_id: int
    guardian_id: int
    relationship: str
    is_barred: bool


def guardianships_in(organisation: Organisation) -> list[GuardianLink]:
    """Every guardianship in force of the children of one organisation, barred ones too. One query, a row each."""
    rows = Guardianship.objects.filter(access.in_force(), organisation=organisation).order_by("child_id", "id")
    return [
        GuardianLink(*row) for row in rows.values_list("id", "child_id", "guardian_id", "relationship", "is_barred")
    ]


def _details(people: QuerySet[Person]) -> dict[int, PersonDetails]:
    rows = people.values_list("id", "birth_year", "birth_month", "birth_day", "national_id", "moet_code", *_TEXTS)
    found = {}
    for row in rows:
        key, year, month, day, national_id, moet_code, name, other, sex, *rest = row
        birthplace, paper, ethnicity, nationality, address, territory, phone, email, work, is_disabled, is_poor = rest
        found[key] = PersonDetails(
            full_name=name,
            other_name=other,
            sex=sex,
            birth=PartialDate(year, month, day),
            birthplace=birthplace,
            national_id=national_id or "",
            moet_code=moet_code or "",
            foreign_paper=paper,
            ethnicity=ethnicity,
            nationality=nationality,
            address=address,
            territory_id=territory,
            phone=phone,
            email=email,
            occupation=work,
            is_disabled=is_disabled,
            is_poor_household=is_poor,
        )
    return found
