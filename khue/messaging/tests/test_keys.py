import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.cli import keys as command
from khue.foundation import scope, work
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import Job
from khue.messaging import actions, conversations_work, keys, queries
from khue.messaging.keys import KeyUnreadable
from khue.messaging.models import Conversation, DataKey, Line
from khue.messaging.queries.words import Words, seal_words
from khue.messaging.tests.talks import begin, write
from tests.world import NOON, World, actor, world

SCHOOLS = st.integers(1, 2**40)


@given(SCHOOLS, st.integers(1, 1000), st.text(), st.binary(min_size=1, max_size=40))
def test_what_is_sealed_opens_in_its_place_and_nowhere_else(school: int, version: int, text: str, place: bytes) -> None:
    wrapped = keys.wrap(keys.new_key(), school, version)
    key = keys.unwrap(wrapped, school, version)
    sealed = keys.seal(key, text, place)

    assert keys.unseal(key, sealed, place) == text
    assert not text or len(text) < 3 or text.encode() not in sealed
    for other in (place + b"x", b"", place[:-1]):
        with pytest.raises(KeyUnreadable):
            keys.unseal(key, sealed, other)
    for wrong in ((school + 1, version), (school, version + 1)):
        with pytest.raises(KeyUnreadable):
            keys.unwrap(wrapped, *wrong)


@given(st.binary(max_size=80))
def test_bytes_that_nobody_sealed_do_not_open(junk: bytes) -> None:
    key = keys.unwrap(keys.wrap(keys.new_key(), 1, 1), 1, 1)
    with pytest.raises(KeyUnreadable):
        keys.unseal(key, junk, b"place")


def test_a_row_moved_to_another_line_or_school_does_not_open(world: World) -> None:
    conversation = begin(world.here)
    one, two = (write(conversation, world.here.teacher, text) for text in ("Một", "Hai"))
    Line.objects.filter(id=two.id).update(sealed=one.sealed)

    with pytest.raises(KeyUnreadable):
        queries.words_of(Line.objects.select_related("data_key").get(id=two.id))


def test_only_the_operator_renews_keys(world: World) -> None:
    write(begin(world.here), world.here.teacher)
    for who in (world.here.head, world.here.teacher, world.ministry_officer):
        with pytest.raises(Forbidden):
            actions.rotate_key(actor=actor(who), organisation_id=world.here.organisation.id, at=NOON)
    assert DataKey.objects.count() == 1
    assert not Job.objects.exists()


def read(conversation: Conversation) -> list[str]:
    rows = Line.objects.filter(conversation=conversation).select_related("data_key").order_by("id")
    return [queries.words_of(line).text for line in rows]


@given(st.integers(0, 6), st.integers(1, 4), st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_any_point_of_a_renewal_everything_is_readable(world: World, stop: int, size: int, again: bool) -> None:
    conversation = begin(world.here)
    Line.objects.all().delete()
    said = [f"Tin số {number}" for number in range(6)]
    for text in said:
        write(conversation, world.here.teacher, text)
    school = world.here.organisation.id
    before = queries.current_key(school)
    job = actions.rotate_key(actor=SYSTEM, organisation_id=school, at=NOON)
    assert queries.current_key(school).version == before.version + 1

    newest, position = queries.current_key(school), 0
    for _ in range(stop):  # some steps, then the worker is killed
        lines = list(queries.lines_to_seal_again(school, newest, after=position)[:size])
        if lines:
            actions.seal_again(actor=SYSTEM, lines=lines, newest=newest)
            position = lines[-1].id
        assert read(conversation) == said
    write(conversation, world.here.teacher, "Giữa chừng")
    if again:
        actions.rotate_key(actor=SYSTEM, organisation_id=school, at=NOON)
    assert read(conversation) == [*said, "Giữa chừng"]

    work.run_now(job)
    assert read(conversation) == [*said, "Giữa chừng"]
    assert [key.version for key in DataKey.objects.filter(organisation_id=school)] == [
        before.version + (2 if again else 1)
    ]


def test_the_job_goes_on_behind_its_last_step_and_says_how_much_it_did(world: World, monkeypatch: object) -> None:
    monkeypatch.setattr(conversations_work, "LINES_AT_ONCE", 2)
    conversation = begin(world.here)
    for number in range(5):
        write(conversation, world.here.teacher, str(number))
    job = actions.rotate_key(actor=SYSTEM, organisation_id=world.here.organisation.id, at=NOON)
    first = Line.objects.order_by("id")[1].id
    newest = queries.current_key(world.here.organisation.id)
    done = list(queries.lines_to_seal_again(world.here.organisation.id, newest, after=0)[:2])
    actions.seal_again(actor=SYSTEM, lines=done, newest=newest)
    Job.objects.filter(id=job.id).update(position=json.loads(str(first)))

    job = work.run_now(job)

    assert (job.state, job.done_count) == ("done", 3)
    assert "3 tin nhắn" in job.summary
    assert set(Line.objects.values_list("data_key__version", flat=True)) == {2}


def seal_and_drop(school: int) -> None:
    """What the job does, in one transaction that waits for no lock."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        newest = queries.current_key(school)
        lines = list(queries.lines_to_seal_again(school, newest, after=0))
        actions.seal_again(actor=SYSTEM, lines=lines, newest=newest)
        actions.drop_old_keys(actor=SYSTEM, newest=newest)


def test_a_line_written_under_the_old_key_while_it_is_dropped_keeps_the_key(committed_db: str) -> None:
    here = world().here
    conversation = begin(here)
    write(conversation, here.teacher, "Trước")
    school = here.organisation.id
    old = queries.current_key(school)
    job = actions.rotate_key(actor=SYSTEM, organisation_id=school, at=NOON)
    late = Line(
        conversation=conversation, organisation_id=school, author_id=here.teacher.person_id, is_staff=True,
        key=job.public_id, data_key=old, sent_at=NOON,
    )  # fmt: skip
    late.sealed = seal_words(late, Words("Muộn"), old)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', '*', false)")
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM messaging_datakey WHERE id = %s FOR KEY SHARE", [old.id])
        with pytest.raises(OperationalError, match="lock timeout"):
            seal_and_drop(school)
        cursor.execute("COMMIT")
    other.close()
    late.save()
    work.run_now(job)

    assert read(conversation) == ["Trước", "Muộn"]
    assert [key.version for key in DataKey.objects.all()] == [2]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    path.write_text("ab" * 32 + "\n")
    return path


def test_a_key_file_takes_over_from_the_secret_and_opens_what_the_secret_sealed(
    world: World, settings: object, key_file: Path
) -> None:
    conversation = begin(world.here)
    write(conversation, world.here.teacher, "Dưới bí mật")
    settings.KEY_FILE = str(key_file)
    assert read(conversation) == ["Dưới bí mật"]

    work.run_now(actions.rotate_key(actor=SYSTEM, organisation_id=world.here.organisation.id, at=NOON))
    settings.SECRET_KEY = "another secret"
    assert read(conversation) == ["Dưới bí mật"]
    assert queries.unreadable_keys() == []

    key_file.write_text("cd" * 32)
    settings.KEY_FILE = str(key_file.rename(key_file.with_name("other")))
    assert [key.version for key in queries.unreadable_keys()] == [2]
    with pytest.raises(KeyUnreadable):
        read(conversation)


def test_a_broken_key_file_is_said_and_nothing_is_written(world: World, settings: object, tmp_path: Path) -> None:
    conversation = begin(world.here)
    for content in ("", "abc", "zz" * 32):
        path = tmp_path / f"keys{len(content)}"
        path.write_text(content)
        settings.KEY_FILE = str(path)
        with pytest.raises(KeyUnreadable):
            write(conversation, world.here.teacher)
    assert not Line.objects.exists()


def test_the_command_renews_one_school_or_all(committed_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = world()
    for school in (made.here, made.elsewhere):
        write(begin(school), school.teacher, at=NOON + timedelta(hours=1))

    command.rotate(made.here.organisation.code)
    assert Job.objects.filter(kind="messaging.reseal").count() == 1
    command.rotate("")
    with scope.of(SYSTEM):
        assert sorted(DataKey.objects.values_list("version", flat=True)) == [1, 1, 2, 2, 3]
    assert command.check() == 0
    assert "5" in capsys.readouterr().out
    with pytest.raises(command.Failure):
        command.rotate("no such school")
