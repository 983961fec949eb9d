import io
import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from khue.foundation import at_rest, files, media, serving, uploads
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.extensions import FilePurpose, FileSeal, file_purposes, file_readers, file_seals
from khue.foundation.front import sendfile
from khue.foundation.models import StoredFile
from tests.world import NOON

CLERK = Actor(account_id=11, name="Cúc")
PIECE = at_rest.PIECE
SECRET = b"%PDF-1.7\n" + b"Em bi om, xin thay co giu kin. " * 9_000
SIZES = st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
FAST = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(SIZES, st.integers(1, 3 * PIECE), st.lists(st.tuples(st.integers(0, 3 * PIECE), st.integers(0, PIECE * 2))))
@FAST
def test_any_part_of_a_sealed_file_is_read(tmp_path: Path, size: int, parts: int, asked: list[tuple[int, int]]) -> None:
    content, key, path = os.urandom(size), at_rest.new_key(), tmp_path / "sealed"
    path.write_bytes(b"".join(at_rest.sealed(cut(content, parts), key)))

    assert at_rest.size_within(path.stat().st_size) == size
    with at_rest.opened(path, key) as stream:
        assert stream.read() == content
        for start, length in asked:
            stream.seek(start)
            assert stream.read(length) == content[start : start + length]


def changed(sealed: bytes) -> dict[str, bytes]:
    first, rest = sealed[: at_rest.SEALED_PIECE], sealed[at_rest.SEALED_PIECE :]
    return {
        "a bit": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "the end": first,
        "a byte": sealed[:-1],
        "the order": rest[: at_rest.SEALED_PIECE] + first + rest[at_rest.SEALED_PIECE :],
        "more": sealed + first,
    }


@pytest.mark.parametrize("what", ["a bit", "the end", "a byte", "the order", "more"])
def test_a_sealed_file_that_was_changed_does_not_open(tmp_path: Path, what: str) -> None:
    key, path = at_rest.new_key(), tmp_path / "sealed"
    path.write_bytes(changed(b"".join(at_rest.sealed([os.urandom(2 * PIECE + 9)], key)))[what])

    with at_rest.opened(path, key) as stream, pytest.raises(at_rest.Damaged):
        stream.read()


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sealed"
    path.write_bytes(b"".join(at_rest.sealed([SECRET], at_rest.new_key())))

    with at_rest.opened(path, at_rest.new_key()) as stream, pytest.raises(at_rest.Damaged):
        stream.read(1)


@given(st.binary(max_size=300), st.uuids(), st.integers(0, 2**40), st.integers(1, 50))
@example(b"x" * 33, UUID(int=1), 15, 17)
def test_parts_of_an_upload_are_veiled_wherever_they_begin(content: bytes, name: UUID, at: int, size: int) -> None:
    whole = at_rest.veiled(content, upload=name, offset=at)
    parts = [at_rest.veiled(part, upload=name, offset=at + n * size) for n, part in enumerate(cut(content, size))]

    assert b"".join(parts) == whole
    assert at_rest.veiled(whole, upload=name, offset=at) == content
    assert len(content) < 8 or at_rest.veiled(content, upload=uuid4(), offset=at) != whole


@pytest.fixture
def kept(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes]:
    """A purpose whose files are sealed, and their keys by row."""
    settings.FILES_ROOT = tmp_path
    held: dict[int, bytes] = {}
    purpose = FilePurpose("thư", frozenset({media.PDF}), 10**6, lambda actor, place: True)
    seal = FileSeal(
        keep=lambda actor, file, key, at: held.update({file.id: key}),
        key_of=lambda file: held[file.id],
        forget=lambda stored: [held.pop(file.id) for file in stored] and None,
    )
    monkeypatch.setattr(file_purposes, "_fillings", {"test.letter": purpose})
    monkeypatch.setattr(file_readers, "_fillings", {})
    monkeypatch.setattr(file_seals, "_fillings", {"test.letter": seal})
    return held


def store(content: bytes = SECRET) -> StoredFile:
    return files.store(
        actor=CLERK, stream=io.BytesIO(content), name="Đơn.pdf", purpose="test.letter", organisation_id=None, at=NOON
    )


def on_disk(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def lies_nowhere(root: Path, content: bytes) -> bool:
    kept = on_disk(root)
    return not any(content[at : at + 8] in kept for at in range(0, len(content), 1024))


@pytest.mark.django_db
def test_nothing_of_a_sealed_file_lies_open_and_its_name_is_what_lies_there(kept, tmp_path: Path) -> None:
    one, two = store(), store()

    assert lies_nowhere(tmp_path, SECRET)
    assert one.sha256 != two.sha256
    assert (one.size, one.media_type, one.is_sealed) == (len(SECRET), media.PDF, True)
    with files.open_file(one) as stream:
        assert stream.read() == SECRET
    files.remove(actor=SYSTEM, files=[one])
    assert set(kept) == {two.id}


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing_and_no_key(kept, tmp_path: Path) -> None:
    for refused in (b"", b"<html><a>", SECRET * 40):
        with pytest.raises((files.FileEmpty, files.FileTypeNotAllowed, files.FileTooLarge)):
            store(refused)
    assert on_disk(tmp_path) == b""
    assert kept == {}


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["", "bytes=0-0", "bytes=65530-65550", "bytes=-11", "bytes=131072-"])
def test_a_range_of_a_sealed_file_is_answered_by_the_pages_and_by_the_front(kept, wanted: str) -> None:
    file = store()
    asked = {"HTTP_RANGE": wanted} if wanted else {}
    direct = serving.answer(RequestFactory().get("/", **asked), file)
    content = b"".join(direct.streaming_content)
    begin = int(direct.headers["Content-Range"].split()[1].split("-")[0]) if wanted else 0
    assert content == SECRET[begin : begin + len(content)]
    assert len(content) == int(direct.headers["Content-Length"])

    told = serving.answer(RequestFactory().get("/", HTTP_X_KHUE_FRONT="files", **asked), file)
    part = sendfile.named_in([(name.lower().encode(), value.encode()) for name, value in told.items()])
    with part.open() as stream:
        assert stream.read(part.length) == content


@pytest.mark.django_db
def test_an_upload_in_pieces_lies_veiled_until_it_is_whole(kept, tmp_path: Path) -> None:
    upload = uploads.begin(
        actor=CLERK, purpose="test.letter", name="Đơn.pdf", size=len(SECRET), organisation_id=None, at=NOON
    )
    for offset in range(0, len(SECRET), 70_001):
        assert lies_nowhere(tmp_path, SECRET)
        piece = io.BytesIO(SECRET[offset : offset + 70_001])
        upload = uploads.append(actor=CLERK, upload=upload, offset=offset, stream=piece, at=NOON)

    assert lies_nowhere(tmp_path, SECRET)
    with files.open_file(upload.file) as stream:
        assert stream.read() == SECRET


@pytest.mark.django_db
def test_a_file_that_lay_open_is_sealed_and_what_lay_open_is_collected(kept, tmp_path: Path, monkeypatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(file_seals, "_fillings", {})
        file = files.store(
            actor=CLERK, stream=io.BytesIO(SECRET), name="a.pdf", purpose="test.letter", organisation_id=7, at=NOON
        )
    open_path = files.path_of(file.sha256)
    assert files.lying_open("test.letter", 7, after=0) == file

    files.seal_open(actor=SYSTEM, file=file, at=NOON)

    assert files.lying_open("test.letter", 7, after=0) is None
    os.utime(open_path, (0, 0))
    uploads.collect_garbage(NOON)
    assert lies_nowhere(tmp_path, SECRET)
    with files.open_file(StoredFile.objects.get(id=file.id)) as stream:
        assert stream.read() == SECRET
