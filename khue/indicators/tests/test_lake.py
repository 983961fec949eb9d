"""Facts flow into the lake once, whatever happens, and come out as the figures that the day's rows give."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet
import pytest
from django.conf import settings
from django.db import connection

from khue.attendance.models import LessonLog
from khue.foundation import changes, clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.tests.conftest import wait_until
from khue.indicators import actions
from khue.indicators.extensions import FILE
from khue.indicators.lake.engines import DuckDB
from khue.indicators.models import CubeRun, IndicatorCount, LakeMark, LakePartition, MonthlyCount
from khue.indicators.tests.test_indicators import answer, count, hold_lessons, learn
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, World, actor
from tests.world import world as build_world

MONTH = "2026-11"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def flow(root: Path) -> int:
    with scope.of(SYSTEM):
        return actions.flow_facts(actor=SYSTEM, root=root, at=NOON)


def lessons(root: Path, month: str = MONTH, province: str = "00") -> list[dict]:
    path = root / "lessons" / f"month={month}" / f"province={province}" / FILE
    return pyarrow.parquet.ParquetFile(path).read().to_pylist()


def log_lesson(world: World, day: date, mode: str = "classroom") -> LessonLog:
    here = world.here
    return LessonLog.objects.create(
        organisation=here.organisation, slot=Slot.objects.first(), class_subject=here.maths, day=day, mode=mode,
        taken_at=NOON,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_lake_gives_the_figures_that_the_rows_of_the_day_give(world: World, tmp_path: Path) -> None:
    hold_lessons(world.here, online=2, classroom=3)
    hold_lessons(world.elsewhere, online=1, classroom=0)
    learn(world.here, 0, 2)
    says = {"has_device": True, "has_connection": True, "has_software": True}
    answer(world.here, world.here.pupils[0].person_id, **says)
    answer(world.here, world.here.pupils[1].person_id, **{**says, "has_software": False})
    count(world.here, world.elsewhere)

    flow(tmp_path)
    run = actions.count_month(actor=SYSTEM, root=tmp_path, engine=DuckDB(), month=MONTH, at=NOON)

    def kept(model: type, **where: str) -> dict:
        rows = model.objects.filter(denominator__gt=0, **where).exclude(code="A3")
        return {(r.organisation_id, r.code): (r.numerator, r.denominator, r.unknown) for r in rows}

    assert kept(MonthlyCount, month=MONTH) == kept(IndicatorCount, school_year="2026-2027")
    assert kept(MonthlyCount)[world.ministry.id, "A6"] == (3, 6, 0)
    assert [row.organisation for row in MonthlyCount.objects.filter(code="A3")] == [world.ministry]
    assert run.files == list(
        LakePartition.objects.order_by("table", "month", "province").values(
            "table", "month", "province", "rows", "sha256"
        )
    )


@pytest.mark.django_db
def test_counting_a_month_again_replaces_it(world: World, tmp_path: Path) -> None:
    flow(tmp_path)
    for _ in range(2):
        actions.count_month(actor=SYSTEM, root=tmp_path, engine=DuckDB(), month=MONTH, at=NOON)

    assert CubeRun.objects.count() == 2
    assert set(MonthlyCount.objects.values_list("run", flat=True)) == {CubeRun.objects.latest("id").id}
    assert MonthlyCount.objects.filter(organisation=world.ministry, code="B1").get().denominator == 2


def settle() -> None:
    """Wait for transactions older than what was written: while another test has one, rows still count as news."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (own,) = cursor.fetchone()
    wait_until(lambda: changes.horizon() > own, seconds=180)


def test_only_partitions_with_news_are_written_again(committed_db: str, tmp_path: Path) -> None:
    world = build_world()
    hold_lessons(world.here, online=1, classroom=1)
    log_lesson(world, date(2026, 10, 5))
    settle()
    flow(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob(FILE) if "lessons" in str(path)}
    assert len(before) == 2

    settle()
    flow(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in before} == before

    late = log_lesson(world, date(2026, 10, 6))
    settle()
    flow(tmp_path)
    changed = {path for path in before if path.stat().st_mtime_ns != before[path]}
    assert [path.parent.parent.name for path in changed] == ["month=2026-10"]
    assert [row["day"] for row in lessons(tmp_path, "2026-10")] == [date(2026, 10, 5), late.day]

    late.mode = "online"
    late.save()
    settle()
    flow(tmp_path)
    assert [row["is_online"] for row in lessons(tmp_path, "2026-10")] == [False, True]


KILLED = """
    import os, signal, django
    django.setup()
    from django.conf import settings
    from django.db import connections
    for alias in ("default", "owner"):
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = {database!r}
    from pathlib import Path
    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM
    from khue.indicators import actions
    from khue.indicators.lake import writing
    from tests.world import NOON
    whole = writing.write
    written = []
    def write(*arguments):
        done = whole(*arguments)
        written.append(done)
        if len(written) == {after}:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    writing.write = write
    with scope.of(SYSTEM):
        actions.flow_facts(actor=SYSTEM, root=Path({root!r}), at=NOON)
"""


@pytest.mark.resilience
@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_kill_at_any_partition_leaves_every_fact_once(committed_db: str, tmp_path: Path, after: int) -> None:
    world = build_world()
    hold_lessons(world.here, online=1, classroom=2)
    learn(world.here, 0, 1)
    log_lesson(world, TODAY - timedelta(days=30))
    program = textwrap.dedent(KILLED).format(database=committed_db, after=after, root=str(tmp_path))

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "khue.settings"},
    )

    assert done.returncode == -signal.SIGKILL
    assert not LakeMark.objects.exists()
    assert not LakePartition.objects.exists()
    flow(tmp_path)
    assert len(lessons(tmp_path)) == 3
    assert len(lessons(tmp_path, "2026-10")) == 1
    assert {row.table: row.rows for row in LakePartition.objects.filter(table="active_days")} == {"active_days": 2}
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.django_db
def test_nobody_but_the_clock_and_the_operator_writes_the_lake(world: World, tmp_path: Path) -> None:
    for account in (world.ministry_officer, world.department_officer, world.here.head):
        with pytest.raises(Forbidden):
            actions.flow_facts(actor=actor(account), root=tmp_path, at=NOON)

    assert not list(tmp_path.iterdir())
    assert not LakeMark.objects.exists()


def test_a_web_process_loads_no_library_of_the_lake() -> None:
    program = (
        "import sys, django; django.setup(); import khue.urls; "
        "print(*sorted({'duckdb', 'ibis', 'pyarrow', 'pandas', 'docx'} & set(sys.modules)))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "khue.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-500:]


def test_a_month_that_is_none_is_refused_in_words() -> None:
    from khue.cli import lake
    from khue.cli.failures import Failure

    with pytest.raises(Failure, match="2026-13"):
        lake.main(["--month", "2026-13"])
