"""Who teaches whom, as the conversations of the messaging room ask it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from khue.foundation.compiled import compiled
from khue.messaging.extensions import Group, Partner
from khue.registry import queries as registry
from khue.schools import access
from khue.schools.models import ElectiveChoice, Enrolment, SchoolClass, StaffMember, TeachingAssignment


@dataclass(frozen=True, slots=True)
class _Tie:
    """That somebody teaches a child, or leads its class. what: "Toán", "Chủ nhiệm"."""

    organisation_id: int
    staff_id: int
    staff_name: str
    child_id: int
    child_name: str
    child_key: bytes
    what: str
    class_name: str


class Relations:
    """Fills the slot `relations` of messaging."""

    def partners(self, person_id: int, on: date) -> Sequence[Partner]:
        """Everybody this person may write to, by name of the child. Six queries at most."""
        found = [*self._as_staff(person_id, on), *self._as_family(person_id, on)]
        return [partner for partner in found if partner.staff_id != partner.family_id]

    def holds(self, organisation_id: int, staff_id: int, family_id: int, about_id: int, on: date) -> bool:
        """Whether the one teaches the child, and the other is the child or a guardian of it. Two queries at most."""
        if family_id != about_id:
            rights = registry.guardians_of([about_id]).get(about_id, [])
            if not any(right.guardian_id == family_id and not right.is_barred for right in rights):
                return False
        return bool(_ties_of_two(organisation_id, staff_id, about_id, on))

    def groups(self, person_id: int, on: date) -> Sequence[Group]:
        """The guardians and the pupils of each class one teaches or leads, by grade and name. One query."""
        taught = _assignments(on).filter(class_subject__school_class_id=OuterRef("pk"), staff__person_id=person_id)
        classes = SchoolClass.objects.filter(
            Q(Exists(taught)) | Q(homeroom_teacher__person_id=person_id), _open("", on),
            school_year__starts_on__lte=on, school_year__ends_on__gte=on,
        )  # fmt: skip
        rows = classes.order_by("grade", "name").values_list("organisation_id", "id", "name")
        kinds = (("schools.class_guardians", _("Phụ huynh lớp")), ("schools.class_pupils", _("Học sinh lớp")))
        return [Group(place, kind, str(key), f"{label} {name}") for place, key, name in rows for kind, label in kinds]

    def colleagues(self, person_id: int, organisation_id: int, on: date) -> Sequence[tuple[int, str]]:
        """Who else teaches at the school or leads it, in name order. One query."""
        positions = (StaffMember.Position.TEACHER, StaffMember.Position.HEAD, StaffMember.Position.DEPUTY_HEAD)
        rows = StaffMember.objects.filter(
            access.in_force(on), organisation_id=organisation_id, position__in=positions
        ).exclude(person_id=person_id)  # fmt: skip
        return list(rows.order_by("person__sort_key", "person_id").values_list("person_id", "person__full_name"))

    def _as_staff(self, person_id: int, on: date) -> list[Partner]:
        ties = _ties(Q(staff__person_id=person_id), Q(homeroom_teacher__person_id=person_id), None, on)
        guardians = registry.guardians_of({tie.child_id for tie in ties})
        found = []
        for tie, reason in _merged(ties):
            rights = [right for right in guardians.get(tie.child_id, []) if not right.is_barred]
            found += [_partner(tie, r.guardian_id, r.guardian_id, r.guardian_name, reason) for r in rights]
            found.append(_partner(tie, tie.child_id, tie.child_id, tie.child_name, reason))
        return found

    def _as_family(self, person_id: int, on: date) -> list[Partner]:
        children = {person_id, *registry.wards_of(person_id)}
        ties = _ties(Q(), Q(homeroom_teacher__isnull=False), children, on)
        return [_partner(tie, person_id, tie.staff_id, tie.staff_name, reason) for tie, reason in _merged(ties)]


@compiled
def _ties_of_two(organisation_id: int, staff_id: int, child_id: int, on: date) -> QuerySet[Enrolment, int]:
    """The child's places in classes that the one teaches or leads."""
    takes = ElectiveChoice.objects.filter(
        access.in_force(on), enrolment=OuterRef(OuterRef("pk")), class_subject=OuterRef("class_subject")
    )
    taught = _assignments(on).filter(
        Q(class_subject__is_elective=False) | Exists(takes), staff__person_id=staff_id,
        class_subject__school_class=OuterRef("school_class"),
    )  # fmt: skip
    led = _led(on).filter(id=OuterRef("school_class_id"), homeroom_teacher__person_id=staff_id)
    enrolled = _enrolments(on).filter(organisation_id=organisation_id, person_id=child_id)
    return enrolled.filter(Exists(taught) | Exists(led)).values_list("id", flat=True)[:1]


def _partner(tie: _Tie, family_id: int, person_id: int, name: str, reason: str) -> Partner:
    return Partner(
        organisation_id=tie.organisation_id, person_id=person_id, name=name, about_id=tie.child_id,
        about_name=tie.child_name, reason=reason, staff_id=tie.staff_id, family_id=family_id,
    )  # fmt: skip


def _merged(ties: Iterable[_Tie]) -> list[tuple[_Tie, str]]:
    """One of each teacher and child, with all that binds them: "Chủ nhiệm, Toán · 6A"; by name of the child."""
    whats: dict[tuple[int, int], list[str]] = defaultdict(list)
    first: dict[tuple[int, int], _Tie] = {}
    for tie in ties:
        key = (tie.staff_id, tie.child_id)
        first.setdefault(key, tie)
        if tie.what not in whats[key]:
            whats[key].append(tie.what)
    ordered = sorted(first.items(), key=lambda item: (item[1].class_name, item[1].child_key, item[1].child_id))
    return [(tie, f"{', '.join(whats[key])} · {tie.class_name}") for key, tie in ordered]


def _ties(taught_by: Q, led_by: Q, children: Collection[int] | None, on: date) -> list[_Tie]:
    """Who leads and who teaches which child on that day: leaders first. Four queries at most."""
    teaching = _assignments(on).filter(taught_by)
    if children is None:
        classes = teaching.values("class_subject__school_class").union(_led(on).filter(led_by).values("id"))
        enrolled = _enrolments(on).filter(school_class__in=classes)
    else:
        enrolled = _enrolments(on).filter(person_id__in=children)
        teaching = teaching.filter(class_subject__school_class__in=enrolled.values("school_class"))
    members: dict[int, list[_Member]] = defaultdict(list)
    for school_class_id, *member in enrolled.values_list("school_class_id", *_Member.COLUMNS):
        members[school_class_id].append(_Member(*member))
    teacher = "homeroom_teacher__person"
    led = (
        _led(on)
        .filter(led_by, id__in=list(members))
        .values_list("id", "name", f"{teacher}_id", f"{teacher}__full_name")
    )
    ties = [_tie(_("Chủ nhiệm"), name, staff, member) for key, name, *staff in led for member in members[key]]
    chosen = frozenset(
        ElectiveChoice.objects.filter(access.in_force(on), class_subject__school_class__in=list(members)).values_list(
            "class_subject_id", "enrolment_id"
        )
    )
    taught = teaching.order_by("class_subject__subject__order", "id").values_list(
        "class_subject__school_class_id", "class_subject__school_class__name", "class_subject__subject__name",
        "class_subject_id", "class_subject__is_elective", "staff__person_id", "staff__person__full_name",
    )  # fmt: skip
    for key, name, subject, class_subject, is_elective, *staff in taught:
        takers = [m for m in members[key] if not is_elective or (class_subject, m.enrolment_id) in chosen]
        ties += [_tie(subject, name, staff, member) for member in takers]
    return ties


@dataclass(frozen=True, slots=True)
class _Member:
    """A child in a class."""

    COLUMNS: ClassVar = ("organisation_id", "id", "person_id", "person__full_name", "person__sort_key")
    organisation_id: int
    enrolment_id: int
    person_id: int
    name: str
    key: bytes


def _tie(what: str, class_name: str, staff: Sequence[Any], member: _Member) -> _Tie:
    return _Tie(
        organisation_id=member.organisation_id, staff_id=staff[0], staff_name=staff[1], child_id=member.person_id,
        child_name=member.name, child_key=bytes(member.key), what=what, class_name=class_name,
    )  # fmt: skip


def _enrolments(on: date) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(access.in_force(on)).filter(_open("school_class__", on))


def _led(on: date) -> QuerySet[SchoolClass]:
    """Open classes whose homeroom teacher works at the school that day."""
    return SchoolClass.objects.filter(_open("", on), access.in_force(on, "homeroom_teacher__")).order_by("id")


def _assignments(on: date) -> QuerySet[TeachingAssignment]:
    return TeachingAssignment.objects.filter(access.in_force(on), access.in_force(on, "staff__"))


def _open(path: str, on: date) -> Q:
    return Q(**{f"{path}closed_on": None}) | Q(**{f"{path}closed_on__gt": on})
