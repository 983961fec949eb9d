"""Files by their content: the same bytes are kept once, under their SHA-256, in two levels of folders.

    file = files.store(
        actor=actor, stream=stream, name="Bài 1.pdf", purpose="library.resource", organisation_id=7, at=now()
    )
    with files.open_file(file) as stream: ...

A purpose says what is allowed and how large (extensions.file_purposes), who may read (extensions.file_readers), and
whether its files are sealed (extensions.file_seals): then the same content is kept as often as it is sent.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import at_rest, audit, media, scope
from khue.foundation.access import Permission
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound, Refusal
from khue.foundation.extensions import FilePurpose, file_purposes, file_readers, file_seals
from khue.foundation.models import StoredFile, Upload
from khue.foundation.record import one
from khue.foundation.text import nfc

PIECE = 256 * 1024
MEGABYTE = 1024 * 1024
LONGEST_NAME = 200


class FileTooLarge(Refusal):
    code = "file_too_large"
    message = _("Tệp “%(name)s” lớn hơn %(megabytes)s MB. Hãy nén hoặc chia nhỏ tệp rồi gửi lại.")


class FileTypeNotAllowed(Refusal):
    code = "file_type_not_allowed"
    message = _("Không nhận loại tệp này: “%(name)s”. Hãy gửi tệp dạng %(allowed)s.")


class FileHasMacros(Refusal):
    code = "file_has_macros"
    message = _("Tệp “%(name)s” có chứa macro. Hãy lưu lại dạng .docx, .xlsx hoặc .pptx (không có macro) rồi gửi lại.")


class FileEmpty(Refusal):
    code = "file_empty"
    message = _("Tệp “%(name)s” không có nội dung. Hãy chọn tệp khác.")


class Readable(Protocol):
    """What content is read from, once."""

    def read(self, most: int, /) -> bytes: ...


@transaction.atomic
def store(
    *, actor: Actor, stream: Readable, name: str, purpose: str, organisation_id: int | None, at: datetime
) -> StoredFile:
    """Keep a file. Its bytes are safe on disk before the row is written; a row rolled back leaves them to be collected.

    Called by an action that has checked what the actor may do.
    stream   read from its beginning, once
    refuses  FileTooLarge, FileTypeNotAllowed, FileHasMacros, FileEmpty
    """
    rules, seal = file_purposes[purpose], file_seals.get(purpose)
    name, key = clean_name(name), at_rest.new_key() if seal else None
    temporary, digest, size = _written(_pieces(stream, name, rules.most_bytes), key)
    try:
        media_type = _checked_type(temporary, key, name, rules)
        _keep(temporary, digest)
    finally:
        temporary.unlink(missing_ok=True)
    file = StoredFile.objects.create(
        organisation_id=organisation_id, purpose=purpose, sha256=digest, size=size, media_type=media_type, name=name,
        stored_at=at, stored_by_id=actor.account_id, is_sealed=bool(seal),
    )  # fmt: skip
    if seal and key:
        seal.keep(actor, file, key, at)
    audit.record(actor, "file.stored", file, name=name, size=size, sha256=digest, purpose=purpose)
    return file


@transaction.atomic
def share(*, actor: Actor, file: StoredFile) -> None:
    """Let other organisations know of the file, because what it belongs to is published.

    Who may download it is still for the purpose's reader to say.
    """
    file.is_shared = True
    file.save(update_fields=["is_shared"])
    audit.record(actor, "file.shared", file)


@transaction.atomic
def remove(*, actor: Actor, files: Sequence[StoredFile]) -> None:
    """Forget files that nothing refers to any more. Their bytes are collected once no other row names them.

    Called by an action that has checked what the actor may do, and has let go of the files.
    """
    for file in files:
        if file.is_sealed:
            file_seals[file.purpose].forget([file])
        audit.record(actor, "file.removed", file, name=file.name, sha256=file.sha256, purpose=file.purpose)
    ids = [file.id for file in files]
    Upload.objects.filter(file_id__in=ids).delete()
    StoredFile.objects.filter(id__in=ids).delete()


@transaction.atomic
def seal_open(*, actor: Actor, file: StoredFile, at: datetime) -> None:
    """Seal a file that was stored before its purpose wanted it. What lay open is collected once no other row names it.

    Called by an action that has checked what the actor may do.
    """
    seal, key = file_seals[file.purpose], at_rest.new_key()
    with open_file(file) as stream:
        temporary, digest, _size = _written(iter(lambda: stream.read(PIECE), b""), key)
    try:
        _keep(temporary, digest)
    finally:
        temporary.unlink(missing_ok=True)
    file.sha256, file.is_sealed = digest, True
    file.save(update_fields=["sha256", "is_sealed"])
    seal.keep(actor, file, key, at)
    audit.record(actor, "file.sealed", file, sha256=digest)


def lying_open(purpose: str, organisation_id: int, *, after: int) -> StoredFile | None:
    """The next file of a purpose behind this id that lies open on the disk. One query."""
    rows = StoredFile.objects.filter(purpose=purpose, organisation_id=organisation_id, is_sealed=False, id__gt=after)
    return rows.order_by("id").first()


def open_file(file: StoredFile) -> BinaryIO:
    """The file's content, for reading. The caller closes it."""
    key = key_of(file)
    return at_rest.opened(path_of(file.sha256), key) if key else open(path_of(file.sha256), "rb")


def key_of(file: StoredFile) -> bytes | None:
    """The key of a sealed file; None for one that lies open."""
    return file_seals[file.purpose].key_of(file) if file.is_sealed else None


def path_of(sha256: str) -> Path:
    """Where content of this hash lies on disk."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def file_of(actor: Actor, public_id: UUID) -> StoredFile:
    """A file this actor may download. Raises NotFound, also when it exists but is not the actor's to read.

    The row is looked up beyond the actor's scope; whether it may be read is asked within it.
    """
    with scope.raised(actor):
        file = one(StoredFile.objects.all(), public_id=public_id)
    if not may_read(actor, file):
        raise NotFound
    return file


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor may download the file: the rule of its purpose, else who stored it and staff of the place."""
    if file.purpose in file_readers:
        return file_readers[file.purpose](actor, file)
    is_own = actor.is_signed_in and file.stored_by_id == actor.account_id
    return is_own or (file.organisation_id is not None and actor.may(Permission.FILE_READ, file))


def clean_name(name: str) -> str:
    """The last part of a path, as people wrote it, without control characters and not too long."""
    last = nfc(name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(c for c in last if c.isprintable()).lstrip(".") or "tệp"
    stem, dot, extension = plain.rpartition(".")
    return plain if len(plain) <= LONGEST_NAME else f"{(stem or extension)[: LONGEST_NAME - 12]}{dot}{extension[:11]}"


def _pieces(stream: Readable, name: str, most_bytes: int) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > most_bytes:
            raise FileTooLarge(name=name, megabytes=most_bytes // MEGABYTE)
        yield piece


def _written(content: Iterable[bytes], key: bytes | None) -> tuple[Path, str, int]:
    """Into a temporary file on the same disk, sealed if there is a key. Returns it, its SHA-256, the content's size."""
    folder = Path(settings.FILES_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary:
        path = Path(temporary.name)
        try:
            for piece in at_rest.sealed(content, key) if key else content:
                size += len(piece)
                digest.update(piece)
                temporary.write(piece)
            temporary.flush()
            os.fsync(temporary.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path, digest.hexdigest(), at_rest.size_within(size) if key else size


def _checked_type(path: Path, key: bytes | None, name: str, rules: FilePurpose) -> str:
    with at_rest.opened(path, key) if key else open(path, "rb") as stream:
        media_type = media.media_type_of(stream, name)
    if media_type in rules.allowed:
        return media_type
    if media_type == media.EMPTY:
        raise FileEmpty(name=name)
    if media_type == media.MACROS:
        raise FileHasMacros(name=name)
    raise FileTypeNotAllowed(name=name, allowed=media.extensions_of(rules.allowed))


def _keep(temporary: Path, digest: str) -> None:
    """Move to the name of the hash. Where the content is already there, only say that it is wanted again."""
    path = path_of(digest)
    try:
        os.utime(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o640)
        temporary.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
