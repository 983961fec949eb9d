"""Long lists written for PostgreSQL arrive as they left."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.arrays import array

#: PostgreSQL keeps no NUL; half a surrogate pair is no text.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@pytest.mark.django_db
@given(st.lists(st.none() | TEXT | st.sampled_from(["null", "NULL", "{}", '"', "\\", ",", ""])))
def test_an_array_of_texts_arrives_as_it_left(values: list[str | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array(values)])

        assert cursor.fetchone() == (values,)


@pytest.mark.django_db
def test_an_array_of_numbers_arrives_as_it_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint[], %s::boolean[]", [array([1, -(2**62), None]), array([True, False])])

        assert cursor.fetchone() == ([1, -(2**62), None], [True, False])
