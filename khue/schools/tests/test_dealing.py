"""Classes are filled evenly, nobody is left out, and twins stay together unless their family says otherwise."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from khue.schools.dossiers.dealing import APART, Kin, dealt

DAY = date(2020, 1, 2)
CHILDREN = st.lists(
    st.builds(
        Kin, st.integers(1, 3).map(lambda day: date(2020, 1, day)),
        st.frozensets(st.sampled_from("abcdefgh"), max_size=2), st.sampled_from(["", "together", APART]),
    ),
    max_size=60,
)  # fmt: skip


@given(CHILDREN, st.integers(1, 8))
def test_whoever_comes_nobody_is_left_out_and_twins_are_where_they_belong(children: list[Kin], classes: int) -> None:
    found = dealt(list(enumerate(children)), range(classes), lambda child: child[1])

    assert [child for child, _class in found] == list(enumerate(children))
    place = {number: where for (number, _kin), where in found}
    assert set(place.values()) <= set(range(classes))
    for number, kin in enumerate(children):
        for other in range(number):
            if kin.born_on == children[other].born_on and kin.adults & children[other].adults:
                wishes = {kin.wish, children[other].wish}
                if APART not in wishes and not _asked_apart(children, number):
                    assert place[number] == place[other]


def _asked_apart(children: list[Kin], number: int) -> bool:
    """Whether anybody of the family, however far it reaches, asked for other classes."""
    family = {number}
    while True:
        more = {
            other for other, kin in enumerate(children) for one in family
            if kin.born_on == children[one].born_on and kin.adults & children[one].adults
        } | family  # fmt: skip
        if more == family:
            return any(children[one].wish == APART for one in family)
        family = more


@given(st.integers(0, 300), st.integers(1, 12))
def test_without_twins_sizes_differ_by_one_at_most(children: int, classes: int) -> None:
    found = dealt(range(children), range(classes), lambda _child: Kin(DAY, frozenset()))

    sizes = Counter(where for _child, where in found)
    assert max(sizes.values(), default=0) - min((sizes[each] for each in range(classes)), default=0) <= 1


@given(st.integers(0, 9), st.integers(2, 6))
def test_children_without_twins_level_the_classes(pairs: int, classes: int) -> None:
    kin = [Kin(DAY, frozenset({str(number // 2)})) for number in range(2 * pairs)]
    kin += [Kin(DAY, frozenset()) for _ in range(3 * classes)]

    sizes = Counter(where for _child, where in dealt(kin, range(classes), lambda child: child))

    assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.integers(2, 4), st.integers(1, 6))
def test_twins_asked_apart_share_no_class_while_there_are_enough(many: int, classes: int) -> None:
    kin = [Kin(DAY, frozenset("m"), APART if number == 1 else "") for number in range(many)]

    places = [where for _child, where in dealt(kin, range(classes), lambda child: child)]

    assert len(set(places)) == min(many, classes)
