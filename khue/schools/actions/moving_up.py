"""From one school year into the next: classes made after last year's, and everybody's place in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.arrays import array
from khue.foundation.errors import NotFound, Refusal
from khue.foundation.ids import uuid7s
from khue.schools.access import Permission
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled
from khue.schools.models import ElectiveChoice, Enrolment, SchoolClass, SchoolYear
from khue.schools.roster.values import class_key


class NotTheNextYear(Refusal):
    code = "not_the_next_year"
    message = _("Năm học mới phải bắt đầu sau khi năm học %(code)s kết thúc. Hãy mở năm học mới ở trang Lịch năm học.")


@dataclass(frozen=True, slots=True)
class Move:
    """Where some pupils of a class go: into the class of that name and grade; out of the school where it has none."""

    enrolment_ids: Sequence[int]
    grade: int = 0
    name: str = ""
    campus_id: int | None = None


@dataclass(frozen=True, slots=True)
class MovedUp:
    """What came of it, in numbers."""

    classes: int
    moved: int
    finished: int


@transaction.atomic
def move_up(*, actor: Actor, school_year: SchoolYear, next_year: SchoolYear, moves: Sequence[Move]) -> MovedUp:
    """Close last year's places and open those of the next year; classes that are not there are made.

    A place that is closed already is left as it is, so that doing it again moves only who has been decided since.

    moves    enrolments of `school_year`; those of another year or school raise NotFound
    refuses  NotTheNextYear
    cost     eight statements, however many pupils
    """
    require(actor, Permission.CLASSES_WRITE, within=next_year)

    if next_year.organisation_id != school_year.organisation_id or next_year.starts_on <= school_year.ends_on:
        raise NotTheNextYear(code=school_year.code)
    open_places = _open_places(school_year, [one for move in moves for one in move.enrolment_ids])
    going = [(move, [one for one in move.enrolment_ids if one in open_places]) for move in moves]
    going = [(move, ids) for move, ids in going if ids]
    made, by_key = _classes(actor, next_year, [move for move, _ids in going if move.name])
    leaving = [one for _move, ids in going for one in ids]
    _close(actor, school_year, leaving)
    coming = [(open_places[one], by_key[class_key(move.name)]) for move, ids in going if move.name for one in ids]
    _open(actor, next_year, coming)
    return MovedUp(made, len(coming), len(leaving) - len(coming))


def _open_places(school_year: SchoolYear, enrolment_ids: Sequence[int]) -> dict[int, int]:
    """Person by enrolment, of places still open, locked in the order of their keys."""
    rows = Enrolment.objects.filter(id__in=enrolment_ids).select_for_update(of=("self",)).order_by("id")
    found = list(rows.values_list("id", "person_id", "ends_on", "school_class__school_year_id"))
    if len(found) != len(set(enrolment_ids)) or any(year != school_year.id for *_rest, year in found):
        raise NotFound
    return {key: person for key, person, ends_on, _year in found if ends_on is None}


def _classes(actor: Actor, year: SchoolYear, moves: Sequence[Move]) -> tuple[int, dict[str, int]]:
    """How many classes were made, and the ids of all of the year by key."""
    known = {
        class_key(name): key for name, key in SchoolClass.objects.filter(school_year=year).values_list("name", "id")
    }
    wanted = {class_key(move.name): move for move in moves if class_key(move.name) not in known}
    made = SchoolClass.objects.bulk_create(
        SchoolClass(
            organisation_id=year.organisation_id, school_year=year, grade=move.grade, name=move.name,
            campus_id=move.campus_id,
        )
        for move in wanted.values()
    )  # fmt: skip
    if made:
        audit.record(actor, "classes.created", year, classes={one.id: one.name for one in made})
    return len(made), known | {class_key(one.name): one.id for one in made}


def _close(actor: Actor, school_year: SchoolYear, enrolment_ids: Sequence[int]) -> None:
    if not enrolment_ids:
        return
    on = school_year.ends_on + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schools_enrolment SET ends_on = greatest(%s, starts_on), status = 'finished' WHERE id = ANY(%s)",
            [on, list(enrolment_ids)],
        )
    chosen = ElectiveChoice.objects.filter(enrolment_id__in=enrolment_ids, ends_on=None)
    chosen.update(ends_on=on)
    audit.record(actor, "enrolments.closed", school_year, on=on, enrolments=list(enrolment_ids))
    events.publish(EnrolmentsClosed(organisation_id=school_year.organisation_id, enrolment_ids=list(enrolment_ids)))


def _open(actor: Actor, year: SchoolYear, places: Sequence[tuple[int, int]]) -> None:
    """Open places from the first day of the year. places: (person, class)."""
    if not places:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schools_enrolment (public_id, organisation_id, person_id, school_class_id, starts_on, status)"
            " SELECT u, %s, p, c, %s, 'studying' FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS n (u, p, c)"
            " RETURNING id",
            [
                year.organisation_id,
                year.starts_on,
                array(public_id.hex for public_id in uuid7s(len(places))),
                array(person for person, _class in places),
                array(key for _person, key in places),
            ],
        )
        opened = [row[0] for row in cursor.fetchall()]
    audit.record(actor, "pupils.enrolled", year, on=year.starts_on, enrolments=opened)
    events.publish(PupilsEnrolled(organisation_id=year.organisation_id, school_year_id=year.id, enrolment_ids=opened))
