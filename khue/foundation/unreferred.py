"""Files that no row of any table refers to: an upload whose form was never sent leaves one behind.

Asked by rooms for purposes of their own. A room that names files otherwise than by a foreign key does not ask.
"""

from datetime import datetime

from django.db.models import Exists, ForeignKey, OuterRef, QuerySet

from khue.foundation.extensions import file_seals
from khue.foundation.models import StoredFile


def unreferred(purpose: str, *, before: datetime) -> QuerySet[StoredFile]:
    """Files of a purpose, stored before an instant, that nothing refers to, in order. One query.

    In the scope of the whole node: in a smaller one a row that refers to a file may not be seen.
    """
    rows = StoredFile.objects.filter(purpose=purpose, stored_at__lt=before).order_by("id")
    for key in references(purpose):
        rows = rows.exclude(Exists(key.model._base_manager.filter(**{key.attname: OuterRef("pk")})))
    return rows


def references(purpose: str) -> list["ForeignKey[StoredFile]"]:
    """Every foreign key by which a row can refer to a file. The table of its keys does not count: they need no file."""
    seal = file_seals.get(purpose)
    hidden = StoredFile._meta.get_fields(include_hidden=True)
    keys = [each.field for each in hidden if each.auto_created and not each.concrete and hasattr(each, "field")]
    found = [key for key in keys if isinstance(key, ForeignKey)]
    return [key for key in found if seal is None or key.model._meta.label != seal.table]
