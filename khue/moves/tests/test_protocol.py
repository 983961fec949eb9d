"""Words that are lost, repeated and reordered: both sides agree in the end, and a pupil is never in two schools."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.moves import protocol
from khue.moves.protocol import ENROLLED, Deed, Heard, Side, Standing, State, is_sound, moved, rebuilt, took_in

FINAL = {
    State.ASKING: {State.OPEN}, State.BEGUN: {State.RELEASED}, State.TURNED_AWAY: {State.NOT_HERE},
    State.WITHDRAWN: {State.DROPPED, State.GIVEN_BACK, State.NOT_HERE},
}  # fmt: skip


@dataclass
class Two:
    """Two sides and the words between them, any of which may arrive, arrive again, or never."""

    sides: dict[Side, Standing] = field(
        default_factory=lambda: {
            Side.RECEIVING: moved(Standing(Side.RECEIVING), State.ASKING), Side.GIVING: Standing(Side.GIVING),
        }
    )  # fmt: skip
    under_way: list[Heard] = field(default_factory=list)

    def say(self, side: Side, *, again: bool = False) -> None:
        if self.sides[side].version:
            self.under_way.append(self.sides[side].said(again=again))

    def arrive(self, word: Heard) -> None:
        side = Side.GIVING if word.side is Side.RECEIVING else Side.RECEIVING
        standing, deed = took_in(self.sides[side], word)
        if deed is not None:
            standing = moved(standing, State(deed))
        self.sides[side] = standing
        if deed is not None or word.wants:
            self.say(side)
        self.holds()

    def decide(self, side: Side, state: State) -> None:
        """Somebody at a school decides, if it is still to be decided there."""
        if self.sides[side].state == (State.ASKING if side is Side.RECEIVING else State.OPEN):
            self.sides[side] = moved(self.sides[side], state)
            self.say(side)
        self.holds()

    def holds(self) -> None:
        enrolled = [side for side, standing in self.sides.items() if standing.state in ENROLLED[side]]
        assert len(enrolled) <= 1, self.sides

    def settle(self) -> int:
        """The line holds: what is owed is said until nothing is. How many words that took."""
        self.under_way, count = [], 0
        while True:
            for side in Side:
                if self.sides[side].is_owed:
                    self.say(side)
            if not self.under_way:
                return count
            while self.under_way:
                self.arrive(self.under_way.pop(0))
                count += 1
                assert count < 40, "they answer each other for ever"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(list(Side))),
        st.tuples(st.sampled_from(["arrive", "twice", "lose"]), st.integers(0, 30)),
        st.tuples(st.just("release"), st.just(0)),
        st.tuples(st.just("not_here"), st.just(0)),
        st.tuples(st.just("withdraw"), st.just(0)),
    ),
    max_size=30,
)


def run(two: Two, steps) -> None:
    for deed, what in steps:
        if deed == "say":
            two.say(what, again=True)
        elif deed == "release":
            two.decide(Side.GIVING, State.RELEASED)
        elif deed == "not_here":
            two.decide(Side.GIVING, State.NOT_HERE)
        elif deed == "withdraw":
            two.decide(Side.RECEIVING, State.WITHDRAWN)
        elif two.under_way:
            word = two.under_way[what % len(two.under_way)]
            if deed != "twice":  # else it stays, to arrive once more
                two.under_way.remove(word)
            if deed != "lose":
                two.arrive(word)


@given(STEPS)
@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_lost_repeated_or_late_both_sides_agree_and_one_place_holds(steps) -> None:
    two = Two()

    run(two, steps)
    two.settle()

    receiving, giving = two.sides[Side.RECEIVING], two.sides[Side.GIVING]
    assert giving.state in FINAL[receiving.state]
    assert (receiving.their_state, giving.their_state) == (giving.state, receiving.state)
    assert not receiving.is_owed
    assert not giving.is_owed
    # Nobody loses the place: exactly one school has the pupil once everything was heard.
    assert [side.state in ENROLLED[side.side] for side in (receiving, giving)].count(True) == 1


@given(STEPS, st.integers(0, 30), st.sampled_from(list(Side)))
@settings(max_examples=800, suppress_health_check=[HealthCheck.too_slow])
def test_a_side_restored_from_a_backup_learns_what_it_forgot(steps, when, restored) -> None:
    two = Two()
    run(two, steps[:when])
    backup = two.sides[restored]
    for deed, what in steps[when:]:
        run(two, [(deed, what)])
    two.settle()
    other = Side.GIVING if restored is Side.RECEIVING else Side.RECEIVING
    was = two.sides[other].state

    two.sides[restored] = backup
    two.under_way = []
    # What is restored may hold an enrolment that was over: for as long as nobody has asked, and no longer.
    two.holds = lambda: None
    two.say(other, again=True)
    two.say(restored, again=True)
    while two.under_way:
        two.arrive(two.under_way.pop(0))
    del two.holds
    two.settle()

    two.holds()
    receiving, giving = two.sides[Side.RECEIVING], two.sides[Side.GIVING]
    assert giving.state in FINAL[receiving.state], (was, backup, two.sides)


@given(STEPS)
@settings(max_examples=800, suppress_health_check=[HealthCheck.too_slow])
def test_a_receiving_side_restored_from_before_it_asked_has_the_move_again(steps) -> None:
    two = Two()
    run(two, steps)
    two.settle()
    was = two.sides[Side.RECEIVING].state
    if not two.sides[Side.GIVING].version:
        return  # the other side never heard of it either: there is nothing to be made whole

    first = two.sides[Side.GIVING].said(again=True)
    two.sides[Side.RECEIVING] = rebuilt(first)
    two.holds = lambda: None  # nobody is enrolled here, until it is heard again
    two.arrive(first)
    del two.holds
    two.holds()
    two.settle()

    receiving, giving = two.sides[Side.RECEIVING], two.sides[Side.GIVING]
    # Not here and taken back come to the same for the child.
    assert receiving.state == was or giving.state is State.NOT_HERE
    assert giving.state in FINAL[receiving.state]
    assert [side.state in ENROLLED[side.side] for side in (receiving, giving)].count(True) == 1


WORDS = st.builds(
    Heard, st.sampled_from(list(Side)), st.sampled_from(list(State)), st.integers(-2, 9), st.integers(-2, 9),
    st.booleans(),
)  # fmt: skip


@given(STEPS, WORDS)
@settings(max_examples=500)
def test_what_a_side_cannot_say_is_not_sound(steps, word) -> None:
    """A peer that is a party but lies can say only what its own side can; it never makes ours be in two states."""
    two = Two()
    run(two, steps)
    if is_sound(word):
        side = Side.GIVING if word.side is Side.RECEIVING else Side.RECEIVING
        standing, deed = took_in(two.sides[side], word)
        assert standing.version >= two.sides[side].version
        assert deed is None or (standing.state, standing.their_state) in protocol._DEEDS
    else:
        assert word.version < 1 or word.heard < 0 or word.state not in protocol._SAID_BY[word.side]


@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_leads_to_a_state_that_decides_nothing_anew(deed) -> None:
    for their in State:
        again = protocol._DEEDS.get((State(deed), their))
        still_open = deed is Deed.OPEN or (deed is Deed.REMEMBER and their is State.WITHDRAWN)
        assert again is None or still_open
