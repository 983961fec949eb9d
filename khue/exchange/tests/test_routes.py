"""Any tree of nodes, lines that lose and repeat, nodes that believe what is wrong: letters arrive, none goes round."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from khue.exchange.routes import Ways

SPACE = UUID(int=7)
Letter = tuple[UUID, UUID, int]


def named(number: int) -> UUID:
    return uuid5(SPACE, f"{number}")


@dataclass
class Tree:
    """Node 0 is the topmost; each other one has a node with a smaller number above it."""

    above: list[int]
    ways: dict[UUID, Ways] = field(init=False)

    def __post_init__(self) -> None:
        self.ways = {named(n): Ways(named(n), self.parent(n), self.below(n)) for n in range(len(self.above) + 1)}

    def parent(self, number: int) -> UUID | None:
        return named(self.above[number - 1]) if number else None

    def below(self, number: int) -> dict[UUID, UUID]:
        """What the nodes below have told, each of all below itself."""
        found = {}
        for child in (n + 1 for n, up in enumerate(self.above) if up == number):
            found |= dict.fromkeys([named(child), *self.below(child)], named(child))
        return found

    def depth(self, node: UUID) -> int:
        way = self.ways[node]
        return 1 + self.depth(way.above) if way.above else 0


TREES = (
    st.integers(1, 14)
    .flatmap(lambda size: st.tuples(*(st.integers(0, n) for n in range(size))))
    .map(lambda above: Tree(list(above)))
)


def carried(tree: Tree, letters: list[Letter], chance: Random, losses: float) -> dict[Letter, list[UUID]]:
    """Hand letters on until none waits; each stays where it is until the next one's answer came. Who read each."""
    waiting: dict[tuple[UUID, Letter], UUID | None] = {(letter[0], letter): None for letter in letters}
    arrived: dict[Letter, list[UUID]] = {letter: [] for letter in letters}
    hops: dict[Letter, set[tuple[UUID, UUID]]] = {letter: set() for letter in letters}
    for _step in range(4000):
        if not waiting:
            return arrived
        here, letter = chance.choice(sorted(waiting, key=str))
        following = tree.ways[here].towards(letter[1], waiting[here, letter])
        if following is None:
            del waiting[here, letter]  # refused: the writer will say it again
            continue
        if following == here:
            arrived[letter].append(here)
            del waiting[here, letter]
            continue
        assert (following, here) not in hops[letter], "it came back the way it went"
        hops[letter].add((here, following))
        lost = chance.choice(["request", "answer"]) if chance.random() < losses else ""
        if lost != "request":
            waiting[following, letter] = here
        if not lost:
            del waiting[here, letter]
    raise AssertionError(f"still under way: {waiting}")


@given(TREES, st.randoms(use_true_random=False), st.sampled_from([0.0, 0.3, 0.6]))
@settings(max_examples=300)
def test_in_any_tree_every_letter_arrives_whatever_is_lost_or_repeated(tree: Tree, chance, losses) -> None:
    nodes = list(tree.ways)
    letters = [(chance.choice(nodes), chance.choice(nodes), n) for n in range(6)]

    arrived = carried(tree, letters, chance, losses)

    for letter, readers in arrived.items():
        assert set(readers) == {letter[1]}, letter
        if not losses:
            assert len(readers) == 1


@given(TREES, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_a_letter_goes_up_and_then_down_by_the_shortest_way(tree: Tree, chance) -> None:
    nodes = list(tree.ways)
    writer, reader = chance.choice(nodes), chance.choice(nodes)
    way, came_from = [writer], None
    while (following := tree.ways[way[-1]].towards(reader, came_from)) != way[-1]:
        assert following is not None
        came_from = way[-1]
        way.append(following)

    assert way[-1] == reader
    assert len(way) == len(set(way)) <= tree.depth(writer) + tree.depth(reader) + 1
    heights = [tree.depth(node) for node in way]
    turn = heights.index(min(heights))
    assert heights[: turn + 1] == sorted(heights[: turn + 1], reverse=True)
    assert heights[turn:] == sorted(heights[turn:])


@given(TREES, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_whatever_nodes_believe_of_each_other_no_letter_goes_round(tree: Tree, chance) -> None:
    """A node can only lead to its own neighbours; which of them it thinks a reader is behind may be wrong, or a lie."""
    nodes = list(tree.ways)
    for node, ways in tree.ways.items():
        neighbours = sorted(set(ways.below.values()))
        wrong = {each: chance.choice(neighbours) for each in nodes if neighbours and chance.random() < 0.5}
        tree.ways[node] = Ways(node, ways.above, {**ways.below, **wrong})
    for number in range(8):
        here, reader, came_from, hops = chance.choice(nodes), chance.choice(nodes), None, 0
        deepest = max(map(tree.depth, nodes))
        while (following := tree.ways[here].towards(reader, came_from)) not in (None, here):
            here, came_from, hops = following, here, hops + 1
            assert hops <= 2 * deepest, number
