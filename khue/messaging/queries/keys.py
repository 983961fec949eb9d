"""The keys of schools, opened."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Exists, OuterRef, QuerySet

from khue.foundation.models import StoredFile
from khue.messaging import keys
from khue.messaging.keys import KeyUnreadable
from khue.messaging.models import DataKey, FileKey, Line


def opened(key: DataKey) -> AESGCM:
    """The key, ready to use; no query. Raises KeyUnreadable."""
    return keys.unwrap(bytes(key.wrapped), key.organisation_id, key.version)


def current_key(organisation_id: int) -> DataKey | None:
    """The version a school writes with; None before it wrote anything. One query."""
    return DataKey.objects.filter(organisation_id=organisation_id).order_by("-version").first()


def schools_with_keys() -> list[int]:
    """Organisations that keep something encrypted, by id. For the operator's command; one query."""
    return sorted(set(DataKey.objects.values_list("organisation_id", flat=True)))


def count_keys() -> int:
    """How many versions of keys there are on the node. For the operator's check; one query."""
    return DataKey.objects.count()


def unreadable_keys() -> list[DataKey]:
    """Keys that neither the node's secret nor its key file opens. For the operator's check; one query."""
    found = []
    for key in DataKey.objects.select_related("organisation").order_by("organisation_id", "version"):
        try:
            opened(key)
        except keys.KeyUnreadable:
            found.append(key)
    return found


def lines_to_seal_again(organisation_id: int, newest: DataKey, after: int) -> QuerySet[Line]:
    """A school's lines behind this id that an older key holds, in order; page before use."""
    rows = Line.objects.filter(organisation_id=organisation_id, id__gt=after).exclude(data_key=newest)
    return rows.select_related("data_key").order_by("id")


def file_keys_to_wrap_again(organisation_id: int, newest: DataKey) -> QuerySet[FileKey]:
    """Keys of a school's files that an older key holds, in order; page before use."""
    rows = FileKey.objects.filter(organisation_id=organisation_id).exclude(data_key=newest)
    return rows.select_related("data_key", "file").order_by("id")


def keys_without_content(organisation_id: int, newest: DataKey) -> list[DataKey]:
    """A school's older keys that hold neither lines nor files any more. One query."""
    rows = DataKey.objects.filter(organisation_id=organisation_id, version__lt=newest.version)
    for held in (Line, FileKey):
        rows = rows.exclude(Exists(held.objects.filter(data_key=OuterRef("pk"))))
    return list(rows.order_by("version"))


def key_of_file(file: StoredFile) -> bytes:
    """The key of a file of a conversation. Raises KeyUnreadable. One query."""
    row = FileKey.objects.filter(file=file).select_related("data_key", "file").first()
    if row is None:
        raise KeyUnreadable
    return unwrapped(row)


def unwrapped(row: FileKey) -> bytes:
    """The key of a file, fetched with its file and the key around it; no query. Raises KeyUnreadable."""
    return keys.unseal_key(opened(row.data_key), bytes(row.wrapped), place_of(row.file))


def place_of(file: StoredFile) -> bytes:
    """What the key of this file is bound to."""
    return keys.place_of_file(file.organisation_id or 0, file.public_id)
