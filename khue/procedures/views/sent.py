"""Files of a form as they came: whole with the form, or in pieces before it."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from khue.foundation import uploads
from khue.foundation.clock import now
from khue.foundation.request import Request
from khue.procedures.access import may_upload
from khue.procedures.attaching import CASE_FILE, Papers, Sent
from khue.procedures.sheets import Field


def papers_of(request: Request, asked: Sequence[Field], office_id: int) -> Papers:
    """What was sent, by the names of the fields that ask for files. Raises UploadNotFinished, NotFound.

    A file that came whole is kept by the action that takes it, in the scope of the office; nothing is written here.
    """
    found = {field.name: list(_sent(request, field, office_id)) for field in asked if field.most}
    return {name: files for name, files in found.items() if files}


def _sent(request: Request, field: Field, office_id: int) -> Iterator[Sent]:
    for name in field.inputs:
        whole = request.FILES.get(name)
        if whole is not None and not isinstance(whole, list) and whole.file is not None:
            yield Sent(whole.name or "", stream=cast(BinaryIO, whole.file))
        elif request.POST.get(f"{name}_upload") and may_upload(request.actor, office_id):
            stored = uploads.received(
                actor=request.actor, request=request, field=name, purpose=CASE_FILE, organisation_id=office_id, at=now()
            )
            if stored is not None:
                yield Sent(stored.name, stored=stored)
