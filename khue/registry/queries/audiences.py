"""People addressed together."""

from collections.abc import Callable

from django.db.models import Q

from khue.foundation.clock import today
from khue.registry.extensions import audiences
from khue.registry.models import Affiliation


def people_of_audience(key: str, organisation_id: int, argument: str = "") -> list[int]:
    """Ids of the people an audience stands for today, each once. The room that filled the slot answers."""
    return sorted(set(audiences[key].people(organisation_id, argument)))


def groups_at(organisation_id: int) -> list[tuple[str, str]]:
    """What people of an organisation may be narrowed to: argument and name of each class. One query a kind at most."""
    asked = {kind.choices for kind in audiences if kind.choices is not None}
    return [group for choices in asked for group in choices(organisation_id)]


def people_of_group(organisation_id: int, argument: str) -> set[int]:
    """Ids of everybody of a class, whatever they are there: pupils, guardians, teachers."""
    kinds = [kind for kind in audiences if kind.choices is not None]
    return {person for kind in kinds for person in kind.people(organisation_id, argument)}


def everyone(kind: str) -> Callable[[int, str], list[int]]:
    """The audience of all pupils, guardians or staff of an organisation, today."""

    def people(organisation_id: int, argument: str) -> list[int]:  # noqa: ARG001  the slot passes an argument
        members = Affiliation.objects.filter(organisation_id=organisation_id, kind=kind)
        members = members.filter(Q(valid_to=None) | Q(valid_to__gte=today()))
        return list(members.values_list("person_id", flat=True).distinct())

    return people
