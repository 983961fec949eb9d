"""Files of conversations: under keys of their own, themselves under the school's."""

from io import BytesIO
from pathlib import Path

import pytest

from khue.foundation import files, work
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.extensions import file_seals
from khue.foundation.models import StoredFile
from khue.messaging import actions, queries
from khue.messaging.keys import KeyUnreadable
from khue.messaging.models import DataKey, FileKey
from khue.messaging.tests.talks import begin, write
from tests.world import NOON, World, actor

PHOTO = b"\x89PNG\r\n\x1a\n" + b"don xin nghi om cua con " * 8_000


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path


def sent(world: World, content: bytes = PHOTO) -> StoredFile:
    """A photo that the teacher has sent to a family."""
    conversation, teacher = begin(world.here), world.here.teacher
    file = files.store(
        actor=actor(teacher), stream=BytesIO(content), name="anh.png", purpose=queries.LINE_FILE,
        organisation_id=conversation.organisation_id, at=NOON,
    )  # fmt: skip
    write(conversation, teacher, "Ảnh đây ạ", files=[file])
    return file


def read(file: StoredFile) -> bytes:
    with files.open_file(StoredFile.objects.get(id=file.id)) as stream:
        return stream.read()


def on_disk(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def rotate(world: World) -> None:
    work.run_now(actions.rotate_key(actor=SYSTEM, organisation_id=world.here.organisation.id, at=NOON))


def test_what_is_sent_lies_sealed_and_is_read_by_members_over_http(world: World, client_of, tmp_path: Path) -> None:
    file = sent(world)

    assert b"nghi om" not in on_disk(tmp_path)
    row = FileKey.objects.get()
    assert (row.file, row.data_key) == (file, queries.current_key(world.here.organisation.id))
    address = f"/files/{file.public_id}/"
    member = client_of(world.here.guardians[0])
    assert b"".join(member.get(address).streaming_content) == PHOTO
    part = member.get(address, headers={"Range": "bytes=70000-70009"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, PHOTO[70000:70010])
    for stranger in (world.here.guardians[1], world.elsewhere.teacher, world.here.head):
        assert client_of(stranger).get(address).status_code == 404


def test_renewing_the_key_wraps_the_files_keys_again_and_leaves_the_files(world: World, tmp_path: Path) -> None:
    file = sent(world)
    before, wrapped = on_disk(tmp_path), bytes(FileKey.objects.get().wrapped)

    rotate(world)

    assert [key.version for key in DataKey.objects.all()] == [2]
    assert bytes(FileKey.objects.get().wrapped) != wrapped
    assert on_disk(tmp_path) == before
    assert read(file) == PHOTO


def test_an_old_key_stays_while_a_file_is_under_it(world: World) -> None:
    file, school = sent(world), world.here.organisation.id
    actions.rotate_key(actor=SYSTEM, organisation_id=school, at=NOON)
    newest = queries.current_key(school)
    lines = list(queries.lines_to_seal_again(school, newest, after=0))
    actions.seal_again(actor=SYSTEM, lines=lines, newest=newest)

    assert actions.drop_old_keys(actor=SYSTEM, newest=newest) == 0
    assert read(file) == PHOTO


def test_files_that_lay_open_before_are_sealed_by_the_same_command(world: World, monkeypatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(file_seals, "_fillings", {})
        file = sent(world)
    gone = StoredFile.objects.create(
        purpose=queries.LINE_FILE, organisation_id=world.here.organisation.id, sha256="0" * 64, size=1,
        media_type="image/png", name="mất.png", stored_at=NOON,
    )  # fmt: skip
    assert not file.is_sealed

    rotate(world)

    assert StoredFile.objects.get(id=file.id).is_sealed
    assert not StoredFile.objects.get(id=gone.id).is_sealed
    assert read(file) == PHOTO


def test_a_key_moved_to_another_file_opens_nothing(world: World) -> None:
    one, two = sent(world), sent(world, PHOTO + b"2")
    FileKey.objects.filter(file=one).update(wrapped=bytes(FileKey.objects.get(file=two).wrapped))

    with pytest.raises(KeyUnreadable):
        read(one)
    FileKey.objects.filter(file=one).delete()
    with pytest.raises(KeyUnreadable):
        read(one)
    assert read(two) == PHOTO + b"2"


def test_only_the_operator_seals_a_file(world: World) -> None:
    file = sent(world)
    for who in (world.here.head, world.here.teacher, world.ministry_officer):
        with pytest.raises(Forbidden):
            actions.seal_file(actor=actor(who), file=file, at=NOON)
    assert FileKey.objects.count() == 1


def test_what_a_school_does_not_keep_takes_its_keys_along(world: World) -> None:
    sent(world)

    forgotten = actions.forget_lines(
        actor=SYSTEM, organisation_id=world.here.organisation.id, before=NOON.replace(year=2030), most=10
    )

    assert forgotten == 1
    assert not FileKey.objects.exists()
    assert not StoredFile.objects.filter(purpose=queries.LINE_FILE).exists()
