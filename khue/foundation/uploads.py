"""Uploads that survive a lost line: what has arrived stays, the rest follows, also after a reload.

A form without JavaScript sends the file whole; with it, upload.js sends pieces and the form then carries only the id of
the upload. `received` gives the action the same StoredFile either way. Pieces of what will be sealed lie veiled.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext_lazy as _

from khue.foundation import at_rest, files, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.extensions import file_purposes, file_seals
from khue.foundation.models import StoredFile, Upload
from khue.foundation.record import one

PIECE = 64 * 1024
ABANDONED_AFTER = timedelta(hours=24)
MOST_UNFINISHED = 20


class WrongOffset(Refusal):
    code = "wrong_offset"
    message = _("Phần tệp gửi lên không nối tiếp phần đã nhận. Trang sẽ tự gửi lại từ chỗ đã nhận.")


class TooManyUploads(Refusal):
    code = "too_many_uploads"
    message = _("Thầy/Cô đang có quá nhiều tệp gửi dở. Hãy đợi các tệp đó gửi xong rồi gửi tiếp.")


class UploadNotFinished(Refusal):
    code = "upload_not_finished"
    message = _("Tệp chưa gửi xong. Hãy đợi thanh tiến độ chạy hết rồi bấm lại.")


@transaction.atomic
def begin(*, actor: Actor, purpose: str, name: str, size: int, organisation_id: int | None, at: datetime) -> Upload:
    """Make room for a file that will come in pieces.

    size     bytes, as the browser says; the content is counted and looked at once it is complete
    refuses  Forbidden, files.FileTooLarge, files.FileEmpty, TooManyUploads
    """
    if purpose not in file_purposes:
        raise NotFound
    rules = file_purposes[purpose]
    if actor.account_id is None or not rules.may_upload(actor, organisation_id):
        raise Forbidden
    name = files.clean_name(name)
    if size > rules.most_bytes:
        raise files.FileTooLarge(name=name, megabytes=rules.most_bytes // files.MEGABYTE)
    if size <= 0:
        raise files.FileEmpty(name=name)
    if visible_uploads(actor).filter(file=None).count() >= MOST_UNFINISHED:
        raise TooManyUploads
    return Upload.objects.create(
        organisation_id=organisation_id, account_id=actor.account_id, purpose=purpose, name=name, media_type="",
        size=size, begun_at=at, touched_at=at,
    )  # fmt: skip


@transaction.atomic
def append(*, actor: Actor, upload: Upload, offset: int, stream: HttpRequest | BinaryIO, at: datetime) -> Upload:
    """Add what arrives to what has arrived. A line lost in the middle keeps everything up to there.

    Once complete, the content is checked like any other file and `upload.file` set.
    offset   where this piece belongs; must be what has arrived so far
    refuses  WrongOffset, and what files.store refuses; the upload is then over
    """
    upload = one(visible_uploads(actor).select_for_update(of=("self",)), id=upload.id)
    if offset != upload.offset or upload.file_id is not None:
        raise WrongOffset
    upload.offset += _write(upload, stream)
    upload.touched_at = at
    if upload.offset == upload.size:
        with open(_path(upload), "rb") as content:
            veiled = at_rest.Unveiled(content, upload.public_id) if upload.purpose in file_seals else content
            upload.file = files.store(
                actor=actor, stream=veiled, name=upload.name, purpose=upload.purpose,
                organisation_id=upload.organisation_id, at=at,
            )  # fmt: skip
        transaction.on_commit(lambda: _path(upload).unlink(missing_ok=True))
    upload.save(update_fields=["offset", "touched_at", "file"])
    return upload


@transaction.atomic
def abandon(*, actor: Actor, upload: Upload) -> None:
    """Forget an unfinished upload."""
    upload = one(visible_uploads(actor).filter(file=None), id=upload.id)
    _path(upload).unlink(missing_ok=True)
    upload.delete()


def received(
    *, actor: Actor, request: HttpRequest, field: str, purpose: str, organisation_id: int | None, at: datetime
) -> StoredFile | None:
    """The file of a form's field: sent whole, or in pieces before. None where the field was left empty.

    refuses  UploadNotFinished, and what files.store refuses
    """
    whole = request.FILES.get(field)
    if isinstance(whole, UploadedFile) and whole.file is not None:
        if not file_purposes[purpose].may_upload(actor, organisation_id):
            raise Forbidden
        return files.store(
            actor=actor, stream=cast(BinaryIO, whole.file), name=whole.name or "", purpose=purpose,
            organisation_id=organisation_id, at=at,
        )  # fmt: skip
    sent = request.POST.get(f"{field}_upload", "")
    if not sent:
        return None
    try:
        upload = one(visible_uploads(actor), public_id=UUID(sent), purpose=purpose, organisation_id=organisation_id)
    except ValueError:
        raise NotFound from None
    if upload.file is None:
        raise UploadNotFinished
    return upload.file


def visible_uploads(actor: Actor) -> QuerySet[Upload]:
    """The actor's own uploads."""
    return Upload.objects.filter(account_id=actor.account_id or 0).select_related("file")


def upload_of(actor: Actor, public_id: UUID) -> Upload:
    """Raises NotFound, also for another person's upload."""
    return one(visible_uploads(actor), public_id=public_id)


def collect_garbage(at: datetime) -> int:
    """Remove abandoned uploads, and content that no row names, both older than a day. Returns how many were removed."""
    oldest = at - ABANDONED_AFTER
    with scope.of_organisation(None):
        abandoned = list(Upload.objects.filter(touched_at__lt=oldest))
        for upload in abandoned:
            _path(upload).unlink(missing_ok=True)
        Upload.objects.filter(id__in=[upload.id for upload in abandoned]).delete()
        return len(abandoned) + sum(map(_remove_if_unwanted, _old_content(oldest.timestamp())))


def _old_content(before: float) -> list[Path]:
    root = Path(settings.FILES_ROOT)
    candidates = [*root.glob("??/??/*"), *root.glob("incoming/*")]
    return [path for path in candidates if path.is_file() and path.stat().st_mtime < before]


def _remove_if_unwanted(path: Path) -> bool:
    if StoredFile.objects.filter(sha256=path.name).exists():
        return False
    path.unlink(missing_ok=True)
    return True


def _path(upload: Upload) -> Path:
    return Path(settings.FILES_ROOT) / "uploads" / str(upload.public_id)


def _write(upload: Upload, stream: HttpRequest | BinaryIO) -> int:
    """Write behind what has arrived; returns how many bytes came before the end or the loss of the line."""
    path = _path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    room = upload.size - upload.offset
    arrived = 0
    if upload.offset and (not path.exists() or path.stat().st_size < upload.offset):
        raise NotFound  # the folder was emptied meanwhile: the browser begins anew
    with open(path, "r+b" if upload.offset else "w+b") as file:
        file.truncate(upload.offset)
        file.seek(upload.offset)
        try:
            while arrived < room and (piece := stream.read(min(PIECE, room - arrived))):
                if upload.purpose in file_seals:
                    piece = at_rest.veiled(piece, upload=upload.public_id, offset=upload.offset + arrived)
                arrived += file.write(piece)
        except UnreadablePostError:  # the line was lost; what came before stands
            pass
        file.flush()
        os.fsync(file.fileno())
    return arrived
