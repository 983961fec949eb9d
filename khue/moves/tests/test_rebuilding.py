"""The receiving node is restored from a backup of before the move began: the giving node makes it whole again."""

from datetime import timedelta

import msgspec
import pytest

from khue.exchange.extensions import OpenedLetter
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.messaging.models import Message
from khue.moves import proofs, tasks, words
from khue.moves.models import Move, Piece
from khue.moves.protocol import Side, State
from khue.moves.tests.country import NUMBER, Country
from khue.moves.tests.test_lines import here
from khue.moves.tests.test_moving import accepted, released, states
from khue.moves.tests.test_packages import record
from khue.procedures.models import Case, Step
from khue.records.models import ReceivedPackage, ReceivedSheet
from khue.registry.models import Guardianship, Person
from khue.schools.models import Enrolment


def a_day_later(provinces: Country) -> None:
    """What was settled is asked after once a day."""
    for place in (provinces.new, provinces.old):
        with place.node.inside():
            Move.objects.update(posted_at=clock.now() - timedelta(days=2), pieces_at=clock.now() - timedelta(days=2))


def test_a_child_whose_new_school_forgot_it_all_has_its_place_again(provinces: Country) -> None:
    """Case, file, guardian, place: nothing of it was in the backup. The old school still says it let the child go."""
    backup = provinces.new.node.back_up()
    code = accepted(provinces).code
    provinces.turns(1)
    released(provinces)
    provinces.turns(3)
    provinces.new.node.restore(backup)
    assert here(provinces) == [False, False]
    with provinces.new.node.inside():
        assert not Case.objects.exists()
        assert not Move.objects.exists()

    a_day_later(provinces)
    provinces.turns(3)

    assert states(provinces) == [("begun", "released"), ("released", "begun")]
    new = provinces.new
    with new.node.inside():
        child = Person.objects.get(national_id=NUMBER)
        assert Guardianship.objects.get(child=child).guardian.full_name == f"Phụ huynh {child.full_name}"
        case = Case.objects.get()
        assert (case.organisation_id, case.applicant_name, case.phone) == (
            new.school.organisation.id, "Nguyễn Thị Mẹ", "0901234567",
        )  # fmt: skip
        assert Step.objects.get(done_at=None).task == "place"  # which class was chosen nobody knows any more
        told = Message.objects.filter(subject="Hồ sơ chuyển trường được lập lại").first()
        assert code in told.body
    done = new.does("place", new.school.head, school_class=str(new.school.school_class.id))
    assert (done.ends, here(provinces)) == ("granted", [True, False])

    # Said again, it is the same move: no second case, no second file.
    a_day_later(provinces)
    provinces.turns(2)
    assert here(provinces) == [True, False]
    with new.node.inside():
        assert (Case.objects.count(), Move.objects.count()) == (1, 1)
        assert Enrolment.objects.filter(person__national_id=NUMBER).count() == 1


def test_a_request_that_still_waits_at_the_old_school_waits_for_it_again(provinces: Country) -> None:
    backup = provinces.new.node.back_up()
    accepted(provinces)
    provinces.turns(1)
    provinces.new.node.restore(backup)
    a_day_later(provinces)
    provinces.turns(1)

    assert states(provinces) == [("asking", "open"), ("open", "asking")]
    with provinces.new.node.inside():
        assert Step.objects.get(done_at=None).task == "await"
    released(provinces)
    provinces.turns(2)

    assert states(provinces)[0] == ("begun", "released")
    with provinces.old.node.inside():
        assert Case.objects.count() == 1


def test_what_the_family_had_taken_back_is_not_begun_anew(provinces: Country) -> None:
    from khue.moves.tests.test_lines import withdrawn

    backup = provinces.new.node.back_up()
    case = accepted(provinces)
    provinces.turns(1)
    withdrawn(provinces, case)
    provinces.turns(2)
    provinces.new.node.restore(backup)
    a_day_later(provinces)
    provinces.turns(2)

    assert states(provinces) == [("withdrawn", "dropped"), ("dropped", "withdrawn")]
    assert here(provinces) == [False, True]
    with provinces.new.node.inside():
        assert not Case.objects.exists()


@pytest.mark.usefixtures("press")
def test_the_record_that_was_taken_and_lost_comes_once_more(sealed: Country) -> None:
    backup = sealed.new.node.back_up()
    accepted(sealed)
    sealed.turns(1)
    released(sealed)
    sealed.turns(3)
    assert record(sealed) == ["taken", "taken"]
    sealed.new.node.restore(backup)

    a_day_later(sealed)
    sealed.turns(4)

    assert record(sealed) == ["taken", "taken"]
    with sealed.new.node.inside():
        assert (ReceivedPackage.objects.count(), ReceivedSheet.objects.get().verdict) == (1, "valid")
        assert not Piece.objects.exists()


def test_nobody_puts_a_child_on_the_lists_of_a_school_that_never_asked(provinces: Country) -> None:
    """A giving side that lies has no seal of ours, or one of another request, another thread, another school."""
    accepted(provinces)
    provinces.turns(1)
    released(provinces)
    provinces.turns(1)
    with provinces.old.node.inside():
        move = Move.objects.get()
        release, ask, thread = words.release_in(move.release), words.ask_in(move.ask), move.thread
    with provinces.new.node.inside():
        writer, count = Move.objects.get().other_node, Person.objects.count()
    lie = words.Word(side=Side.GIVING, state=State.RELEASED, version=9, heard=1, wants=True, release=release)
    other = type(thread)(int=thread.int ^ 1)
    with provinces.old.node.at():
        forged = proofs.proved(other, ask)
    for asked in (
        None, ask, forged, msgspec.structs.replace(ask, proof=""), msgspec.structs.replace(ask, proof="x" * 400),
        msgspec.structs.replace(ask, number="082215000999"),
    ):  # fmt: skip
        word = msgspec.structs.replace(lie, ask=asked)
        with provinces.new.node.at(), scope.of(SYSTEM):
            tasks.read_letter(OpenedLetter(writer, "x", other, 0, words.written(word)), clock.now())

    with provinces.new.node.inside():
        assert (Move.objects.count(), Case.objects.count(), Person.objects.count()) == (1, 1, count)
        # The true ask in its own thread is known by the seal, whoever sends it, and by nothing less.
        assert proofs.is_ours(thread, ask)
        assert not proofs.is_ours(thread, msgspec.structs.replace(ask, subject_name="Trần B"))
    with provinces.old.node.at():
        assert not proofs.is_ours(thread, ask)
