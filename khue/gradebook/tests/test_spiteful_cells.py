"""What a clipboard may bring to a mark grid: refused cell by cell in words, and nothing of it is written."""

import json

import pytest

from khue.gradebook import actions, queries
from khue.gradebook.models import Mark
from tests.world import actor

pytestmark = pytest.mark.django_db

SPITEFUL = [
    "NaN", "1e1", "-1", "10,5", "8,55", "８", "=8+1", "8;9", "8\u0000", "\u202e8", "ĐĐ", "🙂", "x" * 5000,
    "8\n9", "'8", "100",
]  # fmt: skip


@pytest.fixture
def book(world):
    here = world.here
    return actions.open_book(actor=actor(here.teacher), class_subject=here.maths, term=here.term)


@pytest.mark.parametrize("text", SPITEFUL)
def test_what_is_no_mark_is_refused_and_the_cell_beside_it_is_kept(world, book, client_of, text):
    column = queries.columns_of(book)[0].id
    one, other = (each.id for each in world.here.enrolments[:2])
    body = json.dumps({"cells": [[column, one, text, ""], [column, other, "85", ""]]})

    answer = client_of(world.here.teacher).post(
        f"/marks/books/{book.public_id}/cells", body, content_type="application/json"
    )

    assert answer.status_code == 200
    found = answer.json()
    assert [each[:2] for each in found["refused"]] == [[column, one]]
    assert found["refused"][0][2].endswith(".")
    assert len(found["refused"][0][2]) < 300
    assert list(Mark.objects.values_list("enrolment_id", "tenths")) == [(other, 85)]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"cells": 1}', b'{"cells": [[1]]}', b'{"cells": [[1, 2, 3]]}', b"\xff\xfe"]
)
def test_a_request_that_is_none_is_refused_and_writes_nothing(world, book, client_of, body):
    answer = client_of(world.here.teacher).post(
        f"/marks/books/{book.public_id}/cells", body, content_type="application/json"
    )

    assert answer.status_code == 422
    assert not Mark.objects.exists()
