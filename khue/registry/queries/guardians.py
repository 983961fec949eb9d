"""Who looks after whom, and with which rights."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from khue.foundation.clock import today
from khue.foundation.compiled import compiled
from khue.foundation.text import fold, nfc
from khue.registry import access
from khue.registry.models import Affiliation, Guardianship, Person


@dataclass(frozen=True, slots=True)
class GuardianRights:
    """One guardian's rights over one child, as they take effect: a barred guardian receives and decides nothing."""

    guardianship_id: int
    child_id: int
    guardian_id: int
    guardian_name: str
    relationship: str
    receives_messages: bool
    may_decide: bool
    is_barred: bool


def guardians_of(children: Collection[int]) -> dict[int, list[GuardianRights]]:
    """The guardians of each of these children in force today, barred ones marked. One query; empty lists left out."""
    found: dict[int, list[GuardianRights]] = defaultdict(list)
    for key, child, guardian, name, relationship, receives, decides, is_barred in _rights(list(children), today()):
        found[child].append(
            GuardianRights(
                guardianship_id=key,
                child_id=child,
                guardian_id=guardian,
                guardian_name=name,
                relationship=relationship,
                receives_messages=receives and not is_barred,
                may_decide=decides and not is_barred,
                is_barred=is_barred,
            )
        )
    return dict(found)


@compiled
def _rights(
    children: Sequence[int], on: date
) -> QuerySet[Guardianship, tuple[int, int, int, str, str, bool, bool, bool]]:
    lasting = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Guardianship.objects.filter(lasting, child_id__in=children, valid_from__lte=on).order_by("child_id", "id")
    return rows.values_list(
        "id", "child_id", "guardian_id", "guardian__full_name", "relationship", "receives_messages", "may_decide",
        "is_barred",
    )  # fmt: skip


def court_decisions_of(children: Collection[int]) -> dict[int, str]:
    """Number and date of the decision by which a court barred a guardian, by guardianship, within the scope. One query.

    For whoever hands a child's file over to its next school, where the bar holds too; nobody else is told.
    """
    rows = Guardianship.objects.filter(child_id__in=children, is_barred=True).order_by("id")
    return dict(rows.values_list("id", "court_decision"))


def guardians_to_tell(child_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """By child: the guardians who receive messages about it on that day, none barred by a court. One query."""
    rows = Guardianship.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        child_id__in=child_ids,
        receives_messages=True,
        is_barred=False,
        valid_from__lte=on,
    )
    told: dict[int, list[int]] = {child: [] for child in child_ids}
    for child, guardian in rows.order_by("guardian_id").values_list("child_id", "guardian_id"):
        told[child].append(guardian)
    return told


def guardians_not_to_tell(child_ids: Collection[int], on: date) -> frozenset[tuple[int, int]]:
    """Pairs of child and guardian where the guardian hears nothing of the child that day: barred, ended, or not asked.

    One query. For whoever is about to send what was written earlier: rights may have changed since.
    """
    rows = Guardianship.objects.filter(child_id__in=child_ids).exclude(
        Q(valid_to=None) | Q(valid_to__gte=on), receives_messages=True, is_barred=False, valid_from__lte=on
    )
    return frozenset(rows.values_list("child_id", "guardian_id"))


def wards_of(guardian_id: int) -> frozenset[int]:
    """Ids of the children whose data this guardian may see today. Children a court barred are not among them."""
    return frozenset(access.wards(guardian_id).values_list("child_id", flat=True))


def wards_named(guardian_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """By guardian: the names of the children looked after on that day, but for those a court barred. One query.

    In the name order of the children, so that both parents of one stand beside each other. For the slip that a child
    takes home: it says whose parents it is for.
    """
    rows = Guardianship.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), guardian_id__in=guardian_ids, is_barred=False, valid_from__lte=on
    )
    found: dict[int, list[str]] = defaultdict(list)
    for guardian, name in rows.order_by("child__sort_key", "child_id").values_list("guardian_id", "child__full_name"):
        found[guardian].append(name)
    return found


def pupils_by_school(person_ids: Collection[int], on: date) -> dict[int, list[Person]]:
    """By school: which of these people are its pupils on that day, in name order. One query."""
    rows = Affiliation.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        person_id__in=person_ids,
        kind=Affiliation.Kind.PUPIL,
        valid_from__lte=on,
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__sort_key", "person_id", "id"):
        if row.person not in found[row.organisation_id]:
            found[row.organisation_id].append(row.person)
    return dict(found)


def pupils_named(organisation_id: int, text: str, on: date) -> list[Person]:
    """Pupils of a school on that day with these words in their names, at most 30, in name order. One query."""
    rows = Affiliation.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), organisation_id=organisation_id, kind=Affiliation.Kind.PUPIL,
        valid_from__lte=on,
    )  # fmt: skip
    for word in fold(nfc(text.replace("\x00", "")))[:100].split():
        rows = rows.filter(folded_name__contains=word)
    return [row.person for row in rows.select_related("person").order_by("sort_key", "person_id")[:30]]
