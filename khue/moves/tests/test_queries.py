"""What lists cost does not grow with what is in them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from khue.exchange import queries as exchange
from khue.exchange.models import FarSchool, KnownNode
from khue.foundation.actor import SYSTEM
from khue.moves import acts, queries
from khue.moves.models import Move
from khue.moves.protocol import Side, State
from khue.procedures.extensions import CaseFacts
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db


def far(count: int) -> list[FarSchool]:
    node = KnownNode.objects.create(node=uuid4(), name="Sở GD&ĐT Huế", keys=[], heard_at=NOON)
    rows = [FarSchool(code=f"463{node.id:03}{n:03}", name=f"THCS Phú Hậu {n}", node=node) for n in range(count)]
    return FarSchool.objects.bulk_create(rows)


def moves(world: World, count: int, **more: object) -> None:
    Move.objects.bulk_create(
        Move(
            organisation=world.here.organisation, thread=uuid4(), side=Side.RECEIVING, other_node=uuid4(),
            other_code="1", other_name="Trường", state=State.ASKING, version=1, changed_at=NOON, **more,
        )
        for _ in range(count)
    )  # fmt: skip


def facts(**data: str) -> CaseFacts:
    return CaseFacts(1, "transfer-far", "c", 1, None, None, "A", TODAY, NOON, is_over=False, data=data)


@pytest.mark.parametrize("count", [3, 30])
def test_schools_are_found_by_words_and_by_code_in_one_query(db, count, django_assert_num_queries) -> None:
    found = far(count)

    with django_assert_num_queries(1):
        assert len(queries.schools_to_ask("phu hau")) == count
    assert [code for code, _text in queries.schools_to_ask(found[1].code)] == [found[1].code]
    assert queries.schools_to_ask("không có") == []
    assert exchange.far_school(found[0].code).node.name == "Sở GD&ĐT Huế"


def test_a_head_who_finds_no_such_school_may_choose_among_all(db) -> None:
    far(3)

    assert len(acts.schools_to_ask(SYSTEM, facts(school_left="viết sai"), 1)) == 3
    likeliest = acts.schools_to_ask(SYSTEM, facts(school_left="Trường THCS Phú Hậu 2, phường Phú Hậu, Huế"), 1)
    assert likeliest[0][1].startswith("THCS Phú Hậu 2 ")


@pytest.mark.parametrize("count", [2, 20])
def test_what_is_owed_is_found_in_one_query(world: World, count, django_assert_num_queries) -> None:
    moves(world, count, posted_at=NOON - timedelta(minutes=11))
    moves(world, count, posted_at=NOON - timedelta(minutes=9))  # said a moment ago
    moves(world, count, heard=1, posted_at=NOON - timedelta(hours=25))  # heard; asked after once a day
    moves(world, count, heard=1, posted_at=NOON - timedelta(hours=23))

    with django_assert_num_queries(1):
        assert len(queries.owed_moves(NOON)) == 2 * count
    Move.objects.update(changed_at=NOON - timedelta(days=31))
    assert len(queries.owed_moves(NOON)) == count  # settled for a month: asked after no more


def test_a_case_that_waits_for_no_other_node_says_nothing_of_one(db, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert acts.notes_of(facts()) == ()
