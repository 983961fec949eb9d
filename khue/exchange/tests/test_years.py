"""Which school year a record belongs to goes with it, so that whoever keeps it later leaves the years that are over."""

from importlib import import_module

import pytest
from django.db import connection

from khue.exchange import actions, queries
from khue.exchange.models import ReportedRecord
from khue.exchange.tests.nodes import Pair
from khue.exchange.tests.two_nodes import pair as pair
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.registry.models import Person

OVER = "2020-2021"


def of_a_year_that_is_over(version: int = 1) -> None:
    """A class of long ago, as its school collected it then."""
    row = ReportedRecord.objects.filter(kind="class_secondary", peer=None).exclude(period=OVER).get()
    fields = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in ("id", "key")}
    fields |= {"period": OVER, "version": version, "position": row.position + version}
    ReportedRecord.objects.update_or_create(kind=row.kind, key="class.of-long-ago", defaults=fields)


def years(pair: Pair, node: str) -> dict[tuple[str, str], str]:
    with getattr(pair, node).inside():
        rows = ReportedRecord.objects.exclude(event="CANCEL")
        return {(kind, key): period for kind, key, period in rows.values_list("kind", "key", "period")}


def test_a_copy_belongs_to_the_year_of_its_record(pair: Pair):
    pair.change(of_a_year_that_is_over)
    pair.send()
    stood = years(pair, "school")

    pair.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9))
    pair.send()

    assert set(stood.values()) == {"", OVER, "2026-2027"}
    assert years(pair, "department") == years(pair, "school") == stood


def test_what_comes_back_after_a_restore_belongs_to_its_year(pair: Pair):
    backup = pair.school.back_up()
    pair.change(of_a_year_that_is_over)
    pair.send()
    stood = years(pair, "school")
    pair.school.restore(backup)
    pair.send()

    assert years(pair, "school") == stood
    with pair.school.inside():  # no row will say anything of it any more, and nobody is asked about it
        assert not queries.visible_recovered(SYSTEM).exists()
    pair.change(lambda: None)
    pair.send()

    assert years(pair, "department") == years(pair, "school") == stood


@pytest.mark.parametrize("version", [1, 2])
def test_a_department_that_keeps_the_copies_loses_no_year(pair: Pair, version: int):
    """Whoever collects what was reported before cancels nothing but of the year under way."""
    pair.change(of_a_year_that_is_over)
    pair.send()
    if version == 2:
        pair.change(lambda: of_a_year_that_is_over(2))
        pair.send()
    with pair.department.inside():
        body = ReportedRecord.objects.get(kind="school").organisation
        ReportedRecord.objects.update(peer=None)
        actions.collect_school(actor=SYSTEM, school=body, at=clock.now())

    assert ("class_secondary", "class.of-long-ago") in years(pair, "department")


def test_copies_from_before_are_given_their_years(pair: Pair):
    """What the migration does to copies that came when no year went with them."""
    statements = import_module("khue.exchange.migrations.0011_years_of_copies")
    pair.change(of_a_year_that_is_over)
    pair.send()
    stood = years(pair, "department")
    with pair.department.inside():
        of_now = ReportedRecord.objects.exclude(period="").exclude(period=OVER)
        of_now.update(period="")
        with connection.cursor() as cursor:
            cursor.execute(statements._OF_CLASSES)
            cursor.execute(statements._OF_IDENTITIES)

    assert years(pair, "department") == stood
