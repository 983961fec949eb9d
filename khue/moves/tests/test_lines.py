"""Lines that lose, repeat and reorder; families that withdraw; classes that close; nodes that are restored."""

from datetime import date, timedelta
from random import Random

import pytest

from khue.exchange.models import Letter
from khue.foundation import clock, scope
from khue.foundation.actor import ANONYMOUS, SYSTEM
from khue.messaging.models import Message
from khue.moves import actions
from khue.moves.models import Move
from khue.moves.tests.country import Country, nothing_lost
from khue.moves.tests.test_moving import accepted, released, states
from khue.procedures import actions as procedures
from khue.procedures.models import Case, Slip, Step
from khue.registry.models import Person
from khue.schools.models import Enrolment, SchoolClass


def here(provinces: Country) -> list[bool]:
    """Whether the child is in a class, known by its number: at the new school, at the old one."""
    found = []
    for place in (provinces.new, provinces.old):
        with place.node.inside():
            rows = Enrolment.objects.filter(ends_on=None, person__national_id="082215000123")
            found.append(rows.count() == 1)
    return found


def test_requests_and_answers_that_are_lost_move_the_child_once(provinces: Country) -> None:
    chance = Random(11)

    def loses(path: str) -> str:
        return chance.choice(["request", "answer", "", "", ""]) if path.startswith("/letters") else ""

    accepted(provinces)
    for place in (provinces.new, provinces.old):
        place.line.loses = loses
    for _ in range(8):
        provinces.turns(1)
        assert sum(here(provinces)) <= 1
    released(provinces)
    for _ in range(10):
        provinces.turns(1)
        assert sum(here(provinces)) <= 1

    for place in (provinces.new, provinces.old):
        place.line.loses = nothing_lost
    provinces.turns(3)

    assert states(provinces) == [("begun", "released"), ("released", "begun")]
    assert here(provinces) == [True, False]
    with provinces.old.node.inside():
        assert Case.objects.count() == 1
    with provinces.ministry.inside():
        assert not Letter.objects.exists()


def test_the_old_school_that_does_not_know_the_child_says_why_and_the_family_reads_it(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    provinces.old.does("release", provinces.old.school.clerk, decision="not_here", reason="Em đã nghỉ học từ năm 2025")
    provinces.turns(2)

    assert states(provinces) == [("turned_away", "not_here"), ("not_here", "turned_away")]
    assert here(provinces) == [False, True]
    with provinces.new.node.inside():
        case = Case.objects.get()
        assert (case.ends, case.reason) == ("refused", "Em đã nghỉ học từ năm 2025")
        assert Slip.objects.get(kind="refusal").content["reason"] == "Em đã nghỉ học từ năm 2025"


def withdrawn(provinces: Country, case: Case) -> None:
    with provinces.new.node.at(), scope.of(ANONYMOUS):
        with scope.raised(ANONYMOUS, [case.organisation_id]):
            case = Case.objects.get(id=case.id)
        procedures.withdraw_case(actor=ANONYMOUS, case=case, proof=case.code, at=clock.now())


def test_a_family_that_withdraws_before_the_release_leaves_the_child_where_it_is(provinces: Country) -> None:
    case = accepted(provinces)
    provinces.turns(1)
    withdrawn(provinces, case)
    provinces.turns(2)

    assert states(provinces) == [("withdrawn", "dropped"), ("dropped", "withdrawn")]
    assert here(provinces) == [False, True]
    with provinces.old.node.inside():
        assert not Step.objects.filter(done_at=None).exists()


def test_a_withdrawal_that_crosses_the_release_gives_the_place_back_without_a_gap(provinces: Country) -> None:
    case = accepted(provinces)
    provinces.turns(1)
    released(provinces)
    withdrawn(provinces, case)
    assert here(provinces) == [False, False]  # the place is under way

    provinces.turns(3)

    assert states(provinces) == [("withdrawn", "given_back"), ("given_back", "withdrawn")]
    assert here(provinces) == [False, True]
    with provinces.old.node.inside():
        rows = Enrolment.objects.filter(person_id=provinces.child.id).order_by("starts_on")
        first, second = rows.values_list("starts_on", "ends_on")
        assert first[1] == second[0]
        assert second[1] is None
        assert rows[0].school_class_id == rows[1].school_class_id
        assert Message.objects.filter(subject="Có học sinh không chuyển đi nữa").count() == 1


def test_a_class_that_closed_meanwhile_is_chosen_anew_and_the_child_is_on_no_other_list(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    released(provinces)
    with provinces.new.node.inside():
        chosen = SchoolClass.objects.get()
        SchoolClass.objects.filter(id=chosen.id).update(closed_on=clock.today())
        other = SchoolClass.objects.create(
            organisation_id=chosen.organisation_id, school_year_id=chosen.school_year_id, grade=6, name="6B"
        )
    provinces.turns(2)

    assert states(provinces)[0] == ("begun", "released")
    assert here(provinces) == [False, False]
    with provinces.new.node.inside():
        assert Person.objects.filter(national_id="082215000123").count() == 1
    done = provinces.new.does("place", provinces.new.school.head, school_class=str(other.id))

    assert (done.ends, here(provinces)) == ("granted", [True, False])


def test_a_family_asked_for_more_is_waited_for_and_the_release_is_kept(provinces: Country) -> None:
    case = accepted(provinces)
    provinces.turns(1)
    with provinces.new.node.inside():
        procedures.ask_supplement(actor=SYSTEM, case=Case.objects.get(), wanted="Kế hoạch cá nhân", at=clock.now())
    released(provinces)
    provinces.turns(2)
    assert here(provinces) == [False, False]

    with provinces.new.node.inside():
        procedures.answer_supplement(
            actor=SYSTEM, case=Case.objects.get(), proof=case.code, answer="Đã gửi", at=clock.now()
        )
    provinces.turns(2)

    assert here(provinces) == [True, False]


def test_the_old_school_restored_from_before_the_release_remembers_it(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    backup = provinces.old.node.back_up()
    released(provinces)
    provinces.turns(3)
    provinces.old.node.restore(backup)
    assert here(provinces) == [True, True]  # what a backup brings back, until the nodes speak

    for place in (provinces.new, provinces.old):
        with place.node.inside():
            Move.objects.update(posted_at=clock.now() - timedelta(days=2))
    provinces.turns(3)

    assert here(provinces) == [True, False]
    assert states(provinces) == [("begun", "released"), ("released", "begun")]


def test_the_new_school_restored_from_before_it_began_begins_again(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    backup = provinces.new.node.back_up()
    released(provinces)
    provinces.turns(3)
    provinces.new.node.restore(backup)
    assert here(provinces) == [False, False]

    for place in (provinces.new, provinces.old):
        with place.node.inside():
            Move.objects.update(posted_at=clock.now() - timedelta(days=2))
    provinces.turns(3)

    assert here(provinces) == [True, False]


def test_being_late_is_apologised_for_and_debt_never_asked_about(provinces: Country) -> None:
    from khue.procedures.tasks import apologise_for_late_cases

    accepted(provinces)
    provinces.turns(1)
    with provinces.new.node.inside():
        assert Case.objects.get().definition.working_days == 8
    for place, days in ((provinces.new, 8), (provinces.old, 3)):
        with place.node.inside():
            case = Case.objects.select_related("definition").get()
            assert case.definition.working_days == days
            Case.objects.update(due_on=date(2026, 9, 1))
        with place.node.at():
            assert apologise_for_late_cases() == 1
        with place.node.inside():
            assert Slip.objects.filter(kind="apology").count() == 1


def test_a_supplement_at_the_old_school_answers_itself(provinces: Country) -> None:
    accepted(provinces)
    provinces.turns(1)
    with provinces.old.node.inside():
        procedures.ask_supplement(actor=SYSTEM, case=Case.objects.get(), wanted="Giấy", at=clock.now())
    provinces.old.turn()

    with provinces.old.node.inside():
        assert Case.objects.get().status == Case.Status.WORKED_ON
    released(provinces)
    provinces.turns(2)
    assert here(provinces) == [True, False]


def test_a_letter_that_breaks_our_reader_holds_up_no_other(provinces: Country, monkeypatch) -> None:
    accepted(provinces)
    provinces.turns(1)
    released(provinces)
    provinces.old.turn()
    heard = actions.hear_word

    def broken(**given: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(actions, "hear_word", broken)
    with pytest.raises(RuntimeError):
        provinces.new.turn()
    with provinces.new.node.inside():
        letter = Letter.objects.get()
        assert (letter.tries, letter.problem) == (1, "RuntimeError")
        assert not Enrolment.objects.filter(person__national_id="082215000123").exists()

    monkeypatch.setattr(actions, "hear_word", heard)
    provinces.turns(2)

    assert here(provinces) == [True, False]
