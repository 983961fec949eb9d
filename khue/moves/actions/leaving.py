"""The school that is left lets a pupil go, to a school on another node; and takes it back where that one withdrew."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import msgspec
from django.db import transaction

from khue.foundation import audit, files
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.moves import words
from khue.moves.access import Permission
from khue.moves.actions.saying import say, send_pieces
from khue.moves.lookups import pupils_born
from khue.moves.models import Move
from khue.moves.protocol import State, moved
from khue.moves.refusals import NoSuchMove, PupilNotHere
from khue.moves.standing import standing_of, take_over
from khue.procedures.extensions import CaseFacts, Done
from khue.records import actions as records
from khue.registry import actions as registry
from khue.registry import queries as people
from khue.schools import actions as schools
from khue.schools.models import Enrolment

#: The purpose of the packages that are sent.
PACKAGE = "moves.package"


@transaction.atomic
def release_pupil(*, actor: Actor, facts: CaseFacts, on: date, at: datetime) -> Done:
    """Let the pupil go, with file, guardians and the sealed whole record; or say that it is not at this school.

    The place ends here with this very transaction, and the word that says so is said until the other side has heard it.
    A release cannot be refused, and money is not looked at; only a pupil who is not here is not let go.
    refuses  NoSuchMove; PupilNotHere
    source   domain §5.2: records within 3 working days, one active enrolment, fees never block
    """
    require(actor, Permission.MOVE_RELEASE, within=facts.organisation_id)

    move = Move.objects.select_for_update().filter(case_id=facts.case_id, state=State.OPEN).first()
    if move is None:
        raise NoSuchMove
    if facts.data.get("decision") == "not_here":
        move.reason = str(facts.data.get("reason", "")).strip()[:2000]
        take_over(move, moved(standing_of(move), State.NOT_HERE))
        move.changed_at = at
        move.save()
        say(actor, move, at)
        audit.record(actor, "move.not_here", move, reason=move.reason)
        return Done()
    chosen = str(facts.data.get("pupil", ""))
    here = pupils_born(facts.organisation_id, facts.born_on, on)
    leaving = next((each for each in here if str(each.person_id) == chosen), None)
    if leaving is None:
        raise PupilNotHere
    let_go(actor, move, leaving, on, at)
    return Done(subject_id=leaving.person_id)


def let_go(actor: Actor, move: Move, leaving: Enrolment, on: date, at: datetime) -> None:
    """End the place and say so. In the officer's name, with what the receiving school decided before."""
    acting, person = replace(actor, is_system=True), leaving.person
    school = people.organisation_with(leaving.organisation_id)
    move.person, move.left_place = person, leaving
    package = _packed(acting, move, at)
    schools.end_enrolment(
        actor=acting, enrolment=leaving, on=on, status=Enrolment.Status.TRANSFERRED, reason=move.other_name
    )
    registry.end_affiliations(
        actor=acting, organisation=school, kind="pupil", people=[person.id], on=on - timedelta(days=1)
    )
    _say_released(acting, move, _release(leaving, on, package), at)
    audit.record(actor, "move.released", move, person=person.id, left=leaving.id, on=on, package=bool(package))


def pack_again(actor: Actor, move: Move, at: datetime) -> None:
    """Hand the record over anew to a school that had taken it and was restored from before. The rest stays."""
    release = words.release_in(move.release)
    assert release is not None
    package = _packed(actor, move, at)
    _say_released(actor, move, msgspec.structs.replace(release, package=package), at)
    audit.record(actor, "move.record_sent_again", move, person=move.person_id, package=bool(package))


def _packed(actor: Actor, move: Move, at: datetime) -> words.Package | None:
    """The pupil's whole record as it is now, kept to be sent; None where nothing was sealed yet."""
    assert move.person is not None
    school = people.organisation_with(move.organisation_id)
    content = records.hand_over_whole_record(
        actor=actor, organisation=school, person=move.person, to=move.other_name, at=at
    )
    move.record = Move.Transcript.COMING if content else Move.Transcript.NONE
    if not content:
        return None
    found = words.Package(hashlib.sha256(content).hexdigest(), len(content), -(-len(content) // words.PIECE))
    move.package = files.store(
        actor=actor, stream=BytesIO(content), name=f"ho-so-{found.digest[:12]}.zip", purpose=PACKAGE,
        organisation_id=school.id, at=at,
    )  # fmt: skip
    return found


def _say_released(actor: Actor, move: Move, release: words.Release, at: datetime) -> None:
    move.release = words.kept(release)
    take_over(move, moved(standing_of(move), State.RELEASED))
    move.changed_at = at
    move.save()
    say(actor, move, at)
    if release.package:
        send_pieces(actor, move, range(1, release.package.pieces + 1), at)


def give_back(actor: Actor, move: Move) -> bool:
    """Put the pupil back into the place that ended, from the day it ended: there is no gap. Whether that was possible.

    Where the class has closed meanwhile the school must choose another; it is told.
    """
    place = move.left_place
    assert place is not None
    assert place.ends_on is not None
    try:
        with transaction.atomic():
            schools.enrol_pupil(actor=actor, school_class=place.school_class, person=place.person, on=place.ends_on)
    except Refusal as refusal:
        audit.record(actor, "move.given_back", move, person=place.person_id, problem=str(refusal))
        return False
    audit.record(actor, "move.given_back", move, person=place.person_id)
    return True


def _release(leaving: Enrolment, on: date, package: words.Package | None) -> words.Release:
    file = people.details_of([leaving.person_id])[leaving.person_id]
    return words.Release(
        on=on, pupil=leaving.person.public_id, file=words.human(file),
        grade=leaving.school_class.grade, school_class=leaving.school_class.name,
        guardians=_guardians(leaving.person_id), package=package,
    )  # fmt: skip


def _guardians(child: int) -> list[words.Guardian]:
    """Those whom a court barred come first: the list has an end, and of them none may be left out."""
    rights = sorted(people.guardians_of([child]).get(child, []), key=lambda each: not each.is_barred)
    rights = rights[: words.MOST_GUARDIANS]
    files_of, decisions = people.details_of([each.guardian_id for each in rights]), people.court_decisions_of([child])
    return [
        words.Guardian(
            words.human(files_of[each.guardian_id]), each.relationship, each.receives_messages, each.may_decide,
            each.is_barred, decisions.get(each.guardianship_id, "")[: words.LONGEST_LINE],
        )
        for each in rights
        if each.guardian_id in files_of
    ]  # fmt: skip
