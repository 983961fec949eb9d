import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory

from khue.foundation import clock, files, media, serving, uploads
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.extensions import FilePurpose, file_purposes, file_readers
from khue.foundation.models import AuditRow, StoredFile, Upload
from tests.world import NOON

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
CLERK = Actor(account_id=11, name="Cúc")
OTHER = Actor(account_id=12, name="Bình")


@pytest.fixture(autouse=True)
def _purpose(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES_ROOT = tmp_path
    paper = FilePurpose("đề", frozenset({media.PDF, media.DOCX}), 5000, lambda actor, place: actor.account_id == 11)
    monkeypatch.setattr(file_purposes, "_fillings", {"test.paper": paper})
    monkeypatch.setattr(file_readers, "_fillings", {})


def store(content: bytes, name: str = "Đề thi Toán.pdf", actor: Actor = CLERK) -> StoredFile:
    return files.store(
        actor=actor, stream=io.BytesIO(content), name=name, purpose="test.paper", organisation_id=None, at=NOON
    )


def packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return made.getvalue()


def on_disk(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_kinds_that_a_room_lets_through_to_refuse_them_itself_are_not_recommended() -> None:
    roster = frozenset({media.XLSX, media.ZIP, media.OLE, media.MACROS, media.UNKNOWN, media.TEXT, media.CSV})

    assert media.extensions_of(roster) == ".csv, .xlsx, .zip"
    assert media.extensions_of({media.PDF, media.OLE, media.TEXT}) == ".doc/.xls/.ppt, .pdf, .txt"


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    first, second = store(PDF), store(PDF, "bản sao.pdf")

    digest = hashlib.sha256(PDF).hexdigest()
    assert (first.sha256, first.size, first.media_type) == (digest, len(PDF), "application/pdf")
    assert second.sha256 == digest
    assert on_disk(tmp_path) == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    with files.open_file(second) as stream:
        assert stream.read() == PDF


@pytest.mark.parametrize(
    ("content", "name", "refusal", "words"),
    [
        (b"", "rỗng.pdf", files.FileEmpty, "Tệp “rỗng.pdf” không có nội dung. Hãy chọn tệp khác."),
        (b"<html><a>", "a.pdf", files.FileTypeNotAllowed,
         "Không nhận loại tệp này: “a.pdf”. Hãy gửi tệp dạng .docx, .pdf."),
        (b"MZ\x90\x00", "setup.pdf", files.FileTypeNotAllowed, None),
        (packed("[Content_Types].xml", "word/vbaProject.bin"), "a.docx", files.FileHasMacros, None),
        (PDF * 5, "to.pdf", files.FileTooLarge, "Tệp “to.pdf” lớn hơn 0 MB. Hãy nén hoặc chia nhỏ tệp rồi gửi lại."),
    ],
)  # fmt: skip
def test_a_file_that_is_not_wanted_is_refused_and_leaves_nothing(tmp_path, content, name, refusal, words) -> None:
    with pytest.raises(refusal) as refused:
        store(content, name)

    assert words is None or str(refused.value) == words
    assert on_disk(tmp_path) == []
    assert not StoredFile.objects.exists()
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"\x89PNG\r\n\x1a\n....", "a.txt", media.PNG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", media.WEBP),
        (b"\x00\x00\x00\x20ftypisom", "phim", media.MP4),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "a.zip", media.XLSX),
        (packed("imsmanifest.xml"), "a.docx", media.ZIP),
        (b"PK\x03\x04 but broken", "a.zip", media.UNKNOWN),
        ("họ tên,lớp\nAn,6A".encode(), "ds.csv", media.CSV),
        ("﻿<svg onload=alert(1)>".encode(), "a.txt", media.SVG),
        (b"  <!DOCTYPE html><p>", "a.txt", media.HTML),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "a.xml", media.SVG),
        ("Xin chào".encode("utf-16"), "a.txt", media.TEXT),
        (b"abc\x00def", "a.txt", media.UNKNOWN),
        (b"WEBVTT\n\n00:01", "a.vtt", media.VTT),
    ],
)
def test_a_type_is_found_in_the_content(content: bytes, name: str, found: str) -> None:
    assert media.media_type_of(io.BytesIO(content), name) == found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\Hoa\\Đề thi.pdf", "Đề thi.pdf"),
        ("../../etc/passwd", "passwd"),
        ("...", "tệp"),
        ("a\x00\r\nb.pdf", "a b.pdf"),
        ("e" * 300 + ".pdf", "e" * 188 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_people_wrote_it_and_harmless(given: str, kept: str) -> None:
    assert files.clean_name(given) == kept


def test_only_those_the_purpose_names_may_read_else_whoever_stored_it() -> None:
    file = store(PDF)

    assert files.file_of(CLERK, file.public_id) == file
    with pytest.raises(NotFound):
        files.file_of(OTHER, file.public_id)

    file_readers.fill("test.paper", lambda actor, asked: actor == OTHER and asked == file)
    assert files.file_of(OTHER, file.public_id) == file
    with pytest.raises(NotFound):
        files.file_of(CLERK, file.public_id)


def served(file: StoredFile, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    response = serving.answer(RequestFactory().generic(method, "/", headers=headers), file)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, dict(response.headers), body


def test_a_download_has_its_vietnamese_name_and_runs_nothing() -> None:
    status, headers, body = served(store(PDF))

    assert (status, body) == (200, PDF)
    assert headers["Content-Disposition"] == "inline; filename*=utf-8''%C4%90%E1%BB%81%20thi%20To%C3%A1n.pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Length"] == str(len(PDF))
    page = StoredFile(name="a.html", media_type="text/html", sha256="0" * 64, size=1)
    _, headers, _ = served(page, "HEAD")
    assert headers["Content-Disposition"] == 'attachment; filename="a.html"'
    assert headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/1033", b"%PDF"),
        ("bytes=1030-", 206, "bytes 1030-1032/1033", PDF[-3:]),
        ("bytes=-2", 206, "bytes 1031-1032/1033", PDF[-2:]),
        ("bytes=1000-99999", 206, "bytes 1000-1032/1033", PDF[1000:]),
        ("bytes=2000-", 416, "bytes */1033", b""),
        ("bytes=-0", 416, "bytes */1033", b""),
        ("bytes=5-2", 200, None, PDF),
        ("bytes=0-1,4-5", 200, None, PDF),
        ("lines=1-2", 200, None, PDF),
    ],
)
def test_a_range_is_answered_with_that_part(asked: str, status: int, content_range: str | None, body: bytes) -> None:
    got = served(store(PDF), Range=asked)

    assert (got[0], got[1].get("Content-Range"), got[2]) == (status, content_range, body)


def test_behind_the_front_the_file_is_named_and_not_sent() -> None:
    file = store(PDF)

    status, headers, body = served(file, **{"X-Khue-Front": "files", "Range": "bytes=5-"})

    folder = f"{file.sha256[:2]}/{file.sha256[2:4]}"
    assert (status, body) == (206, b"")
    assert headers["X-Khue-File"] == f"5 {len(PDF) - 5} {folder}/{file.sha256}"
    assert "Content-Length" not in headers


def test_a_changed_file_is_sent_whole_and_a_known_one_not_at_all() -> None:
    file = store(PDF)
    tag = f'"{file.sha256}"'

    assert served(file, Range="bytes=0-3", **{"If-Range": tag})[0] == 206
    assert served(file, Range="bytes=0-3", **{"If-Range": '"other"'})[0] == 200
    assert served(file, **{"If-None-Match": tag})[::2] == (304, b"")
    assert served(file, "HEAD")[::2] == (200, b"")


def begun(size: int = len(PDF)) -> Upload:
    return uploads.begin(actor=CLERK, purpose="test.paper", name="Đề.pdf", size=size, organisation_id=None, at=NOON)


def append(upload: Upload, offset: int, piece: bytes, actor: Actor = CLERK) -> Upload:
    return uploads.append(actor=actor, upload=upload, offset=offset, stream=io.BytesIO(piece), at=NOON)


def test_an_upload_in_pieces_becomes_the_same_file() -> None:
    upload = append(begun(), 0, PDF[:500])
    assert (upload.offset, upload.file) == (500, None)

    upload = append(upload, 500, PDF[500:])

    assert upload.file is not None
    assert upload.file.sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_piece_that_does_not_follow_is_refused() -> None:
    upload = append(begun(), 0, PDF[:500])

    for offset in (0, 499, 501):
        with pytest.raises(uploads.WrongOffset):
            append(upload, offset, PDF[500:])

    assert Upload.objects.get().offset == 500
    assert append(upload, 500, PDF[500:] + b"too much").offset == len(PDF)


def test_what_a_killed_server_wrote_but_did_not_note_is_written_again(tmp_path: Path) -> None:
    upload = append(begun(), 0, PDF[:500])
    with open(tmp_path / "uploads" / str(upload.public_id), "ab") as file:
        file.write(b"written, not noted")

    assert append(upload, 500, PDF[500:]).file is not None


def test_nobody_sends_or_ends_another_persons_upload() -> None:
    upload = append(begun(), 0, PDF[:500])

    with pytest.raises(NotFound):
        append(upload, 500, PDF[500:], actor=OTHER)
    with pytest.raises(NotFound):
        uploads.abandon(actor=OTHER, upload=upload)
    with pytest.raises(Forbidden):
        uploads.begin(actor=OTHER, purpose="test.paper", name="a", size=1, organisation_id=None, at=NOON)

    assert Upload.objects.get().offset == 500


def test_a_form_gives_the_same_file_with_and_without_javascript() -> None:
    upload = append(begun(), 0, PDF)
    sent = RequestFactory().post("/", {"paper_upload": str(upload.public_id)})
    whole = RequestFactory().post("/", {"paper": io.BytesIO(PDF)})
    empty = RequestFactory().post("/", {})
    half = RequestFactory().post("/", {"paper_upload": str(begun().public_id)})

    def received(request, actor: Actor = CLERK) -> StoredFile | None:
        return uploads.received(
            actor=actor, request=request, field="paper", purpose="test.paper", organisation_id=None, at=NOON
        )

    assert received(sent) == upload.file
    assert received(whole).sha256 == upload.file.sha256
    assert received(empty) is None
    with pytest.raises(uploads.UploadNotFinished):
        received(half)
    with pytest.raises(NotFound):
        received(sent, OTHER)


def test_abandoned_uploads_and_unnamed_content_are_collected_after_a_day(tmp_path: Path) -> None:
    append(begun(), 0, PDF[:500])
    kept = store(PDF)
    lost = store(b"%PDF-1.7 lost", actor=SYSTEM)
    StoredFile.objects.filter(id=lost.id).delete()

    assert uploads.collect_garbage(NOON + timedelta(hours=23)) == 0
    assert uploads.collect_garbage(clock.now() + timedelta(hours=25)) == 2

    assert on_disk(tmp_path) == [str(files.path_of(kept.sha256).relative_to(tmp_path))]
    assert not Upload.objects.exists()
