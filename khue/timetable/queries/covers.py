"""Teachers who are away, their lessons meanwhile, and who could give them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.schools.models import StaffMember
from khue.timetable.access import planned_at
from khue.timetable.models import Absence, Cover, Slot
from khue.timetable.planning.substitutes import Candidate, Taken, Teacher, candidates
from khue.timetable.queries.moves import moves_between
from khue.timetable.weeks import PlannedSlot, lessons_by_day

TEACHING_POSITIONS = (StaffMember.Position.TEACHER, StaffMember.Position.HEAD, StaffMember.Position.DEPUTY_HEAD)


def visible_absences(actor: Actor) -> QuerySet[Absence]:
    """Absences of the schools whose timetable the actor makes, the latest first. Page before use."""
    rows = Absence.objects.filter(planned_at(actor), withdrawn_at=None)
    return rows.select_related("staff__person", "organisation").order_by("-starts_on", "-id")


def absence_of(actor: Actor, public_id: UUID) -> Absence:
    """Raises NotFound, also when it was withdrawn."""
    return one(visible_absences(actor), public_id=public_id)


def cover_of(actor: Actor, public_id: UUID) -> Cover:
    """A cover that holds. Raises NotFound."""
    rows = Cover.objects.filter(planned_at(actor), withdrawn_at=None)
    return one(
        rows.select_related("absence", "slot__class_subject__school_class", "staff__person"), public_id=public_id
    )


def covers(actor: Actor, slot: Slot, day: date) -> bool:
    """Whether the actor gives the slot's lesson of that day in somebody's place. One query."""
    if actor.person_id is None:
        return False
    return bool(_covering(slot.id, day, actor.person_id))


@compiled
def _covering(slot_id: int, day: date, person_id: int) -> QuerySet[Cover, int]:
    rows = Cover.objects.filter(slot_id=slot_id, day=day, withdrawn_at=None, staff__person_id=person_id)
    return rows.values_list("id", flat=True)


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson of somebody who is away.

    cover       the public id of who gives it, None while nobody does
    candidates  who could, the best first
    """

    slot_id: int
    slot: UUID
    day: date
    session: str
    period: int
    class_name: str
    subject: str
    hue: str
    cover: UUID | None
    substitute: str
    candidates: Sequence[Candidate]


def count_open(absences: Sequence[Absence], today: date) -> dict[int, int]:
    """How many lessons from today on nobody gives yet, by absence. Two queries a school, however many are away."""
    counts = {each.id: 0 for each in absences}
    for place in {each.organisation_id for each in absences}:
        here = [each for each in absences if each.organisation_id == place and each.ends_on >= today]
        if here:
            first, last = max(today, min(each.starts_on for each in here)), max(each.ends_on for each in here)
            counts |= _open_between(place, here, first, last)
    return counts


def _open_between(place: int, absences: Sequence[Absence], first: date, last: date) -> dict[int, int]:
    taught = _taught(place, first, last, Q(staff_id__in={each.staff_id for each in absences}))
    rows = Cover.objects.filter(organisation_id=place, withdrawn_at=None, day__gte=first, day__lte=last)
    given = set(rows.values_list("slot_id", "day"))
    return {
        each.id: sum(
            slot.item[2] == each.staff_id and (slot.item[0], day) not in given
            for day, slots in taught.items()
            if each.starts_on <= day <= each.ends_on
            for slot in slots
        )
        for each in absences
    }


_Row = tuple[int, UUID, int, int, int, int | None, str, str, str]
_FIELDS = (
    "id", "public_id", "staff_id", "class_subject__subject_id", "class_subject__school_class_id",
    "class_subject__school_class__campus_id", "class_subject__school_class__name", "class_subject__subject__name",
    "class_subject__subject__hue",
)  # fmt: skip
_COVER_FIELDS = (
    "staff_id", "slot__class_subject__school_class__campus_id", "day", "session", "period", "slot_id", "public_id",
    "staff__person__full_name",
)  # fmt: skip


def open_lessons(absence: Absence) -> list[OpenLesson]:
    """The lessons of an absence in order, each with who could give it. Eight queries, however long it is."""
    organisation_id, first, last = absence.organisation_id, absence.starts_on, absence.ends_on
    taught = _as_moved(_taught(organisation_id, first, last), moves_between(organisation_id, first, last))
    own = Cover.objects.filter(organisation_id=organisation_id, withdrawn_at=None, day__gte=first, day__lte=last)
    covers = list(own.values_list(*_COVER_FIELDS))
    given = {(slot, day): (key, name) for _staff, _campus, day, _session, _period, slot, key, name in covers}
    busy = _busy(taught, given) + [tuple(cover[:5]) for cover in covers]
    places: dict[tuple[int, date, str], set[int | None]] = defaultdict(set)
    for staff, campus, day, session, _period in busy:
        places[staff, day, session].add(campus)
    taken: set[Taken] = {(staff, day, session, period) for staff, _campus, day, session, period in busy}
    teachers, away = _colleagues(absence, taught), away_between(organisation_id, first, last)
    who_could = partial(candidates, teachers, taken=taken, away=away, places=places)
    found = []
    for day, slots in taught.items():
        for slot in slots:
            key, public_id, staff, subject, school_class, campus, class_name, subject_name, hue = slot.item
            if staff != absence.staff_id:
                continue
            cover, substitute = given.get((key, day), (None, ""))
            when = (day, slot.session, slot.period)
            offered = (
                who_could(subject=subject, school_class=school_class, when=when, campus=campus) if cover is None else []
            )
            found.append(OpenLesson(key, public_id, *when, class_name, subject_name, hue, cover, substitute, offered))
    return found


def _busy(
    taught: Mapping[date, Sequence[PlannedSlot[_Row]]], given: Collection[tuple[int, date]]
) -> list[tuple[int, int | None, date, str, int]]:
    """Staff id, campus, day, half-day and period of all lessons that nobody else gives."""
    return [
        (slot.item[2], slot.item[5], day, slot.session, slot.period)
        for day, slots in taught.items()
        for slot in slots
        if (slot.item[0], day) not in given
    ]


def _taught(organisation_id: int, first: date, last: date, of: Q | None = None) -> dict[date, list[PlannedSlot[_Row]]]:
    in_force = Q(version__valid_from__lte=last) & (Q(version__valid_to=None) | Q(version__valid_to__gte=first))
    rows = Slot.objects.filter(in_force, of or Q(), organisation_id=organisation_id).order_by("id")
    planned = [
        PlannedSlot(weekday, session, period, valid_from, valid_to, (key, address, staff, subject, own, campus, *names))
        for weekday, session, period, valid_from, valid_to, key, address, staff, subject, own, campus, *names in (
            rows.values_list("weekday", "session", "period", "version__valid_from", "version__valid_to", *_FIELDS)
        )
    ]
    days = schools.school_days_between(organisation_id, first, last)
    return dict(lessons_by_day(days, planned))


def _as_moved(
    taught: dict[date, list[PlannedSlot[_Row]]], moves: Mapping[tuple[int, date], int]
) -> dict[date, list[PlannedSlot[_Row]]]:
    """The same with the lessons that changed places where they are that day."""
    if not moves:
        return taught
    return {
        day: sorted(
            (replace(slot, period=moves.get((slot.item[0], day), slot.period)) for slot in slots),
            key=lambda slot: (slot.session, slot.period),
        )
        for day, slots in taught.items()
    }


def _colleagues(absence: Absence, taught: dict[date, list[PlannedSlot[_Row]]]) -> list[Teacher]:
    subjects: dict[int, set[int]] = defaultdict(set)
    classes: dict[int, set[int]] = defaultdict(set)
    for slots in taught.values():
        for slot in slots:
            subjects[slot.item[2]].add(slot.item[3])
            classes[slot.item[2]].add(slot.item[4])
    for staff, subject, school_class in _teach(absence):
        subjects[staff].add(subject)
        classes[staff].add(school_class)
    term = schools.current_term(absence.organisation_id, absence.starts_on)
    covers = Cover.objects.filter(organisation_id=absence.organisation_id, withdrawn_at=None)
    if term is not None:
        covers = covers.filter(day__gte=term.starts_on, day__lte=term.ends_on)
    counts = Counter(covers.values_list("staff_id", flat=True))
    colleagues = schools.staff_at(absence.organisation_id, absence.starts_on)
    names = schools.names_apart(colleagues)
    return [
        Teacher(each.id, names[each.id], subjects[each.id], classes[each.id], counts[each.id])
        for each in colleagues
        if each.id != absence.staff_id and each.position in TEACHING_POSITIONS
    ]


def _teach(absence: Absence) -> list[tuple[int, int, int]]:
    """Who teaches which subject in which class by the version of the day, also on weekdays outside the absence."""
    day = absence.starts_on
    in_force = Q(version__valid_from__lte=day) & (Q(version__valid_to=None) | Q(version__valid_to__gte=day))
    rows = Slot.objects.filter(in_force, organisation_id=absence.organisation_id).order_by()
    return list(rows.values_list("staff_id", "class_subject__subject_id", "class_subject__school_class_id").distinct())


def away_between(organisation_id: int, first: date, last: date) -> set[tuple[int, date]]:
    """Who is away on which of these days: staff id and day. One query."""
    rows = Absence.objects.filter(
        organisation_id=organisation_id, withdrawn_at=None, starts_on__lte=last, ends_on__gte=first
    )
    return {
        (staff, date.fromordinal(number))
        for staff, starts_on, ends_on in rows.values_list("staff_id", "starts_on", "ends_on")
        for number in range(max(starts_on, first).toordinal(), min(ends_on, last).toordinal() + 1)
    }
