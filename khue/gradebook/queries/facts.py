"""Marks as a conversation between teacher and family points at them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.curriculum import queries as curriculum
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.gradebook.models import Mark
from khue.gradebook.queries.books import visible_books
from khue.gradebook.typed_marks import TypedMark, display
from khue.messaging.extensions import Fact
from khue.schools import queries as schools

MOST = 20


def marks_of_child(actor: Actor, child_id: int, keys: Sequence[UUID] | None) -> list[Fact]:
    """The latest marks of a child that the actor sees: a family all of them, a teacher those of the own books.

    keys  public ids of columns; with them, those marks alone. One query
    """
    enrolments = schools.visible_enrolments(actor).order_by().filter(person_id=child_id)
    rows = Mark.objects.filter(enrolment__in=enrolments.values("id"))
    is_family = child_id in actor.wards or child_id == actor.person_id
    if not is_family:
        rows = rows.filter(column__book__in=visible_books(actor).order_by().values("id"))
    if keys is not None:
        rows = rows.filter(column__public_id__in=keys)
    found = rows.order_by("-recorded_at", "column_id").values_list(
        "column__public_id", "column__book__public_id", "enrolment__public_id",
        "column__book__class_subject__subject__name", "column__kind", "recorded_at", "tenths", "passed", "is_exempt",
    )[:MOST]  # fmt: skip
    return [
        Fact(
            key=column,
            label=_label(subject, kind, display(TypedMark(tenths, passed, is_exempt)), at),
            url=reverse("gradebook:report", args=[enrolment]) if is_family else reverse("gradebook:book", args=[book]),
        )
        for column, book, enrolment, subject, kind, at, tenths, passed, is_exempt in found
    ]


def _label(subject: str, kind: str, shown: str, at: datetime) -> str:
    kinds = {"regular": _("Điểm thường xuyên"), "mid": _("Điểm giữa kì"), "end": _("Điểm cuối kì")}
    day: date = at.astimezone(clock.VIETNAM).date()
    return _("%(kind)s %(subject)s: %(mark)s (%(day)s)") % {
        "subject": curriculum.subject_named(subject), "kind": kinds[kind], "mark": shown, "day": f"{day:%d/%m/%Y}",
    }  # fmt: skip
