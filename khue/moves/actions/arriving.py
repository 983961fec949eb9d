"""The pupil arrives: its file is opened, its guardians with it, and a place begins on the day the other one ended."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import fold
from khue.moves import words
from khue.moves.access import Permission
from khue.moves.lookups import class_with, file_like
from khue.moves.models import Move
from khue.moves.protocol import State
from khue.moves.refusals import ClassNotChosen, NoSuchMove
from khue.procedures.extensions import CaseFacts, Done
from khue.registry import actions as registry
from khue.registry import queries as people
from khue.registry.actions import NumberTaken
from khue.registry.models import Organisation, Person
from khue.registry.queries import PersonDetails
from khue.schools import actions as schools


@transaction.atomic
def begin_here(*, actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """What follows from the other school's answer: the pupil's file, guardians and place, or nothing.

    The place begins on the day the other one ended. Where the class that was chosen can take nobody any more, the file
    is here, and a step of the case asks for another class; the pupil is on no other school's list meanwhile.
    refuses  NoSuchMove
    """
    require(actor, Permission.MOVE_CARRY, within=facts.organisation_id)

    move = Move.objects.select_related("organisation").filter(case_id=facts.case_id, state=State.ASKING).first()
    if move is None:
        raise NoSuchMove
    release = words.release_in(move.release)
    if facts.data.get("answer") != "released" or release is None:
        return Done()
    person = _opened(actor, move.organisation, words.details(release.file), release.on)
    _bring_guardians(actor, person, release)
    Move.objects.filter(id=move.id).update(person=person)
    is_placed = _placed(actor, facts, person, release.on)
    audit.record(actor, "move.begun", move, person=person.id, on=release.on, placed=is_placed, at=f"{at:%F}", day=on)
    return Done(subject_id=person.id, data={"placed": "yes" if is_placed else "no"})


@transaction.atomic
def place_pupil(*, actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """Put a pupil who has arrived into another class than was chosen at first.

    refuses  NoSuchMove; ClassNotChosen; what enrol_pupil refuses
    """
    require(actor, Permission.MOVE_ASK, within=facts.organisation_id)

    move = Move.objects.filter(case_id=facts.case_id, state=State.BEGUN).first()
    release = words.release_in(move.release) if move else None
    if move is None or move.person is None or release is None:
        raise NoSuchMove
    joining = class_with(facts.organisation_id, facts.data.get("school_class"), on)
    if joining is None:
        raise ClassNotChosen
    first = max(release.on, joining.school_year.starts_on)
    schools.enrol_pupil(actor=replace(actor, is_system=True), school_class=joining, person=move.person, on=first)
    audit.record(actor, "move.placed", move, school_class=joining.id, on=first, at=f"{at:%F}")
    return Done(subject_id=move.person_id)


def _placed(actor: Actor, facts: CaseFacts, person: Person, on: date) -> bool:
    joining = class_with(facts.organisation_id, facts.data.get("school_class"), on)
    if joining is None:
        return False
    try:
        with transaction.atomic():
            schools.enrol_pupil(actor=actor, school_class=joining, person=person, on=on)
    except Refusal:
        return False
    return True


def _opened(actor: Actor, school: Organisation, told: PersonDetails, on: date) -> Person:
    """The pupil's file: the one this node has kept since an earlier time, or a new one."""
    known = file_like(told)
    if known is None:
        return _recorded(actor, school, "pupil", told, on)
    if known.organisation_id != school.id:
        registry.move_file(actor=actor, person=known, organisation=school, on=on)
    registry.affiliate(actor=actor, person=known, organisation=school, kind="pupil", on=on)
    return known


def _recorded(actor: Actor, school: Organisation, kind: str, told: PersonDetails, on: date) -> Person:
    """A new file. A number that somebody else here bears already is left out: whose it is, people must find out."""
    try:
        return registry.record_person(actor=actor, organisation=school, kind=kind, details=told, on=on)
    except NumberTaken:
        bare = replace(told, national_id="", moet_code="")
        return registry.record_person(actor=actor, organisation=school, kind=kind, details=bare, on=on)


def _bring_guardians(actor: Actor, child: Person, release: words.Release) -> None:
    """Those who are guardians here already keep their rights; a court's bar goes with the child, for them too."""
    known = {fold(each.guardian_name): each for each in people.guardians_of([child.id]).get(child.id, [])}
    for told in release.guardians:
        here = known.get(fold(told.person.full_name))
        if here is not None:
            if told.is_barred and not here.is_barred:
                made = people.guardianship_of(actor, here.guardianship_id)
                registry.bar_guardian(actor=actor, guardianship=made, court_decision=told.court_decision)
            continue
        adult = _recorded(actor, child.organisation, "guardian", words.details(told.person), release.on)
        if adult.id == child.id:
            continue
        made = registry.appoint_guardian(
            actor=actor, child=child, guardian=adult, relationship=told.relationship, on=release.on,
            receives_messages=told.receives_messages, may_decide=told.may_decide,
        )  # fmt: skip
        if told.is_barred:
            registry.bar_guardian(actor=actor, guardianship=made, court_decision=told.court_decision)
