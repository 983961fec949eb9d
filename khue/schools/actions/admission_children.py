"""Many children come into classes at once, with a file there was or one that is opened: a few statements in all."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.foundation.ids import uuid7s
from khue.procedures.models import Case
from khue.registry import actions as registry
from khue.registry.models import Organisation
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools.actions.enrolments import AlreadyEnrolled, ClassIsClosed, EnrolledElsewhere
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled
from khue.schools.models import ElectiveChoice, Enrolment, SchoolClass, SchoolYear
from khue.schools.refusals import refuse_day_outside


def open_year(classes: Sequence[SchoolClass], on: date) -> SchoolYear:
    """The year of these classes, locked against closing. Refuses DayOutsideYear; ClassIsClosed."""
    rows = SchoolClass.objects.select_for_update(of=("self",)).select_related("school_year")
    locked = list(rows.filter(id__in=[each.id for each in classes]).order_by("id"))
    for each in locked:
        refuse_day_outside(each.school_year, on)
        if each.closed_on is not None:
            raise ClassIsClosed(name=each.name, day=f"{each.closed_on:%d/%m/%Y}")
    return locked[0].school_year


def files_of(actor: Actor, school: Organisation, cases: Sequence[Case], on: date) -> dict[int, int]:
    """Person by case, both by id: who is known belongs to the school from now on, for the others files are opened."""
    known = {case.id: case.subject_id for case in cases if case.subject_id is not None}
    registry.affiliate_people(actor=actor, organisation=school, kind="pupil", person_ids=known.values(), on=on)
    new = [case for case in cases if case.subject_id is None]
    opened = registry.record_people(
        actor=actor, organisation=school, kind="pupil", people=[_details(case) for case in new], on=on
    )
    # Nothing is left out: a row without a number always opens a file.
    return known | {case.id: each.person_id for case, each in zip(new, opened, strict=True) if each.person_id}


def _details(case: Case) -> PersonDetails:
    born, said = case.born_on, case.data
    lives = ", ".join(filter(None, (said.get("street", ""), said.get("commune", ""))))
    return PersonDetails(
        full_name=case.subject_name, birth=PartialDate(born.year, born.month, born.day), sex=said.get("sex", "0"),
        address=lives,
    )  # fmt: skip


def enrol_children(
    actor: Actor, year: SchoolYear, classes: Mapping[int, int], known: Mapping[int, str], on: date
) -> dict[int, int]:
    """Put children into classes from a day on. Returns the enrolment of each, all by id.

    classes  class of each child
    known    names of those who may be in a class by now
    refuses  AlreadyEnrolled; EnrolledElsewhere
    """
    _leave_last_year(actor, year, known, on)
    try:
        with transaction.atomic():
            opened = _write(year, classes, on)
    except IntegrityError:  # somebody else enrolled one of them at the same moment
        _leave_last_year(actor, year, known, on)
        raise
    audit.record(actor, "pupils.enrolled", year, on=on, enrolments=list(opened.values()))
    events.publish(
        PupilsEnrolled(
            organisation_id=year.organisation_id, school_year_id=year.id, enrolment_ids=list(opened.values())
        )
    )
    return opened


def _write(year: SchoolYear, classes: Mapping[int, int], on: date) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schools_enrolment (public_id, organisation_id, person_id, school_class_id, starts_on, status)"
            " SELECT u, %s, p, c, %s, 'studying' FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS n (u, p, c)"
            " RETURNING person_id, id",
            [
                year.organisation_id,
                on,
                array(public_id.hex for public_id in uuid7s(len(classes))),
                array(classes),
                array(classes.values()),
            ],
        )
        return dict(cursor.fetchall())


def _leave_last_year(actor: Actor, year: SchoolYear, known: Mapping[int, str], on: date) -> None:
    """Nobody is in two classes: refuse whoever is in one of now, and end places of a year that is over."""
    if not known:
        return
    lasting = Q(ends_on=None) | Q(ends_on__gt=on)
    with scope.raised(actor):  # the other place may be out of sight; its name is not given away
        rows = Enrolment.objects.filter(lasting, person_id__in=sorted(known))
        others = list(rows.select_related("school_class__school_year").order_by("starts_on", "id"))
    ended: dict[date, list[int]] = {}
    for other in others:
        last_day = other.school_class.school_year.ends_on
        if other.organisation_id != year.organisation_id:
            raise EnrolledElsewhere(name=known[other.person_id])
        if last_day >= on:
            raise AlreadyEnrolled(name=known[other.person_id], school_class=other.school_class.name)
        ended.setdefault(last_day + timedelta(days=1), []).append(other.id)
    for day, places in ended.items():
        _end(actor, year, places, day)


def _end(actor: Actor, year: SchoolYear, places: Sequence[int], on: date) -> None:
    Enrolment.objects.filter(id__in=places).update(ends_on=on, status=Enrolment.Status.FINISHED)
    ElectiveChoice.objects.filter(enrolment_id__in=places, ends_on=None).update(ends_on=on)
    audit.record(actor, "enrolments.closed", year, on=on, enrolments=list(places))
    events.publish(EnrolmentsClosed(organisation_id=year.organisation_id, enrolment_ids=list(places)))
