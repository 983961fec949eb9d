"""Bills as a conversation points at them: payments and messaging stand on one floor and do not know each other."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.foundation.ui.formats import as_money
from khue.messaging.extensions import Fact
from khue.payments import queries as payments

MOST = 20


def bills_of_child(actor: Actor, child_id: int, keys: Sequence[UUID] | None) -> list[Fact]:
    """The latest bills of a child that the actor sees: the family and the school's office, never a teacher. One query.

    keys  public ids of bills; with them, those alone
    """
    rows = payments.listed_invoices(actor).filter(family_id=child_id)
    if keys is not None:
        rows = rows.filter(public_id__in=keys)
    return [
        Fact(
            key=row.public_id,
            label=_("Khoản thu %(title)s: %(total)s") % {"title": row.title, "total": as_money(row.total)},
            url=reverse("payments:invoice", args=[row.public_id]),
        )
        for row in rows[:MOST]
    ]
