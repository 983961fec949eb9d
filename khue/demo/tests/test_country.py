"""The synthetic country has the sizes of the real one, and is the same in every run."""

from collections import Counter
from pathlib import Path

import pytest

from khue.demo import actions, country
from khue.foundation.errors import Forbidden
from khue.indicators.lake.answers import Span
from khue.indicators.lake.engines import DuckDB
from tests.world import World, actor

PROVINCES = [("08", 3), ("82", 5), ("96", 2)]
SHARE = 0.001


def test_it_has_as_many_schools_and_pupils_as_the_ministry_counts() -> None:
    made = country.schools(PROVINCES)

    assert len(made) == 26_000
    assert sum(school.pupils for school in made) == 18_352_011
    assert min(school.pupils for school in made) > 0
    assert 500_000 < sum(school.classes for school in made) < 540_000
    assert Counter(school.province for school in made)["82"] == pytest.approx(13_000, rel=0.01)
    assert len({school.first_person for school in made}) == len(made)


def test_it_is_the_same_in_every_run_and_counts_like_any_lake(tmp_path: Path) -> None:
    rows = [country.write(tmp_path / name, PROVINCES, SHARE) for name in ("a", "b")]
    found = [DuckDB().counts(tmp_path / name, Span("2026-09", "2027-01")) for name in ("a", "b")]

    assert rows[0] == rows[1]
    assert found[0] == found[1]
    of_country = {row.code: row for row in found[0] if row.level == "country"}
    made = country.schools(PROVINCES, SHARE)
    assert of_country["A2"].denominator == sum(school.pupils for school in made) == 18_351
    assert of_country["B1"].denominator == rows[0]["schools"] == len(made) == 27
    assert of_country["A5"].denominator + of_country["A6"].denominator == rows[0]["lessons"]
    assert {row.unit for row in found[0] if row.level == "province"} == {"08", "82", "96"}


@pytest.mark.django_db
def test_nobody_but_the_operator_writes_it(world: World, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        actions.write_country(actor=actor(world.ministry_officer), root=tmp_path, share=SHARE)

    assert not list(tmp_path.iterdir())
