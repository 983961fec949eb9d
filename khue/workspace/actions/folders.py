"""Files in shared folders."""

from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.foundation.models import StoredFile
from khue.foundation.text import nfc
from khue.workspace.access import Permission
from khue.workspace.models import Folder, SharedFile, Version
from khue.workspace.queries.circles import Membership, membership_of
from khue.workspace.refusals import MayNotWrite


@transaction.atomic
def put_file(*, actor: Actor, circle: Membership, file: StoredFile, at: datetime) -> SharedFile:
    """Put a file into the folder of a circle; a file of that name gets a further version and is there again.

    file     stored under queries.folders.PURPOSE_SHARED for the same office
    refuses  MayNotWrite to who only reads; NotFound to who is not of the circle any more
    """
    require(actor, Permission.WORK, within=circle.office)
    now_held = membership_of(actor, circle.office.public_id, circle.key)
    _require_writer(now_held)
    folder, _made = Folder.objects.update_or_create(
        organisation=now_held.office, circle=now_held.key, defaults={"title": now_held.title}
    )
    shared, _made = SharedFile.objects.get_or_create(
        folder=folder, name=nfc(file.name), defaults={"organisation": now_held.office, "changed_at": at}
    )
    shared = SharedFile.objects.select_for_update().get(id=shared.id)
    number = Version.objects.filter(shared=shared).count() + 1
    Version.objects.create(
        organisation=now_held.office, shared=shared, number=number, file=file, put_at=at, put_by_name=actor.name
    )
    shared.changed_at, shared.removed_at = at, None
    shared.save(update_fields=["changed_at", "removed_at"])
    audit.record(actor, "shared_file.put", shared, name=shared.name, version=number, circle=now_held.key)
    return shared


@transaction.atomic
def remove_file(*, actor: Actor, shared: SharedFile, at: datetime) -> None:
    """Take a file out of its folder. Its versions are kept, and it can be put back."""
    _of_writer(actor, shared)
    if SharedFile.objects.filter(id=shared.id, removed_at=None).update(removed_at=at):
        audit.record(actor, "shared_file.removed", shared, name=shared.name)


@transaction.atomic
def restore_file(*, actor: Actor, shared: SharedFile) -> None:
    """Put a file back that was taken out."""
    _of_writer(actor, shared)
    if SharedFile.objects.filter(id=shared.id, removed_at__isnull=False).update(removed_at=None):
        audit.record(actor, "shared_file.restored", shared, name=shared.name)


def _of_writer(actor: Actor, shared: SharedFile) -> None:
    if not actor.may(Permission.WORK, shared):
        raise Forbidden
    _require_writer(membership_of(actor, shared.organisation.public_id, shared.folder.circle))


def _require_writer(circle: Membership) -> None:
    if not circle.may_write:
        raise MayNotWrite
