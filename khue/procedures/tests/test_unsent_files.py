"""What was uploaded and never sent with a case is forgotten after a week; what any row refers to never is."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import files, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import Job, StoredFile, Upload
from khue.foundation.unreferred import references
from khue.messaging.models import FileKey
from khue.procedures import actions, tasks
from khue.procedures.attaching import CASE_FILE
from khue.procedures.models import Attachment, Case
from khue.procedures.tests.test_attachments import PDF, definition, file, photo  # noqa: F401  a fixture
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
USES = ("nothing", "case", "upload", "job", "another purpose")


def kept(world: World, use: str, days: int, number: int) -> StoredFile:
    """A file of so many days ago, and what refers to it."""
    place, at = world.here.organisation.id, NOON - timedelta(days=days)
    made = StoredFile.objects.create(
        organisation_id=place, purpose="timetable.export" if use == "another purpose" else CASE_FILE,
        sha256=f"{number:064}", size=1, media_type="image/png", name=f"{number}.png", stored_at=at,
    )  # fmt: skip
    if use == "case":
        Attachment.objects.create(
            organisation_id=place, case=Case.objects.get(), field="paper", title="", file=made, attached_at=at,
            attached_by_name="", is_applicants=True,
        )  # fmt: skip
    elif use == "upload":
        Upload.objects.create(
            organisation_id=place, account_id=1, purpose=CASE_FILE, name="x", media_type="", size=1, offset=1,
            begun_at=at, touched_at=at, file=made,
        )  # fmt: skip
    elif use == "job":
        Job.objects.create(organisation_id=place, kind="x", title="x", report_file=made, created_at=at)
    return made


@given(st.lists(st.tuples(st.sampled_from(USES), st.integers(0, 20)), max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_only_what_nothing_refers_to_is_forgotten_and_only_after_a_week(world, definition, wanted) -> None:  # noqa: F811
    with transaction.atomic():
        _swept(world, definition, wanted)
        transaction.set_rollback(True)


def _swept(world: World, definition, wanted) -> None:  # noqa: F811
    file(definition, paper=photo())
    before = set(StoredFile.objects.values_list("id", flat=True))
    made = {kept(world, use, days, n): (use, days) for n, (use, days) in enumerate(wanted)}

    count = actions.forget_unsent_files(actor=SYSTEM, at=NOON)

    gone = {each.id for each, (use, days) in made.items() if use == "nothing" and days > 7}
    assert count == len(gone)
    left = set(StoredFile.objects.values_list("id", flat=True))
    assert left == (before | {each.id for each in made}) - gone


def test_every_table_that_can_name_a_file_is_asked(db) -> None:
    """The database's own list of foreign keys, so that a new table is not forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND confrelid = 'foundation_storedfile'::regclass"
        )
        there = {(table, column) for table, column in cursor.fetchall()}

    asked = {(key.model._meta.db_table, key.column) for key in references(CASE_FILE)}
    assert there - asked == {(FileKey._meta.db_table, "file_id")}
    assert len(asked) >= 10


def test_a_scan_that_was_never_sent_goes_with_its_key_and_its_bytes(world, definition, client_of) -> None:  # noqa: F811
    clerk = actor(world.here.clerk)
    with scope.of(clerk):
        sent = files.store(
            actor=clerk, stream=BytesIO(PDF), name="quét.pdf", purpose=CASE_FILE,
            organisation_id=world.here.organisation.id, at=NOON - WEEK * 2,
        )  # fmt: skip
    path = files.path_of(sent.sha256)
    assert FileKey.objects.filter(file=sent).exists()

    assert tasks.forget_unsent_files() == 1

    assert not StoredFile.objects.filter(id=sent.id).exists()
    assert not FileKey.objects.filter(file_id=sent.id).exists()
    assert path.exists()  # collected with all content that no row names
    assert tasks.forget_unsent_files() == 0


def test_nobody_of_an_office_sweeps(world, definition) -> None:  # noqa: F811
    stored = kept(world, "nothing", 20, 1)
    clerk = actor(world.here.clerk)
    with scope.of(clerk), pytest.raises(Forbidden):
        actions.forget_unsent_files(actor=clerk, at=NOON)
    assert StoredFile.objects.filter(id=stored.id).exists()
