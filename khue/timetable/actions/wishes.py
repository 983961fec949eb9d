"""What a school asks of its timetable: from a day, until a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.curriculum.models import Subject
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation
from khue.schools.models import ClassSubject, SchoolClass, StaffMember
from khue.timetable.access import Permission
from khue.timetable.models import Wish, WishKind, WishMember

NEEDS: dict[str, tuple[str, ...]] = {
    WishKind.SESSION: (),
    WishKind.FIXED: ("title", "weekday", "period"),
    WishKind.BUSY: ("staff", "weekday"),
    WishKind.MOST_A_DAY: ("amount",),
    WishKind.MOST_DAYS: ("amount",),
    WishKind.MOST_GAPS: ("amount",),
    WishKind.DOUBLE: ("subject", "amount"),
    WishKind.ROOM: ("subject", "room_kind"),
    WishKind.LATEST: ("subject", "period"),
    WishKind.TOGETHER: ("title",),
    WishKind.TRAVEL: ("amount",),
}


class WishIncomplete(Refusal):
    code = "wish_incomplete"
    message = _("Yêu cầu này còn thiếu thông tin. Hãy điền đủ các ô của loại yêu cầu đã chọn.")


class NotOfThisSchool(Refusal):
    code = "not_of_this_school"
    message = _("Giáo viên, lớp hoặc môn này không thuộc trường. Hãy chọn lại trong danh sách.")


@dataclass(frozen=True)
class WishDetails:
    """What is asked; which fields each kind reads stands in planning/wishes.py."""

    kind: str
    title: str = ""
    staff: StaffMember | None = None
    school_class: SchoolClass | None = None
    subject: Subject | None = None
    grade: int | None = None
    room_kind: str = ""
    weekday: int | None = None
    session: str = ""
    period: int | None = None
    amount: int | None = None
    is_must: bool = True
    members: Sequence[ClassSubject] = ()


@transaction.atomic
def add_wish(*, actor: Actor, organisation: Organisation, details: WishDetails, on: date) -> Wish:
    """Ask something of the timetable from a day on.

    refuses  WishIncomplete; NotOfThisSchool
    """
    require(actor, Permission.TIMETABLE_WRITE, within=organisation.id)
    needed = [getattr(details, name) for name in NEEDS[details.kind]]
    if None in needed or "" in needed or (details.kind == WishKind.TOGETHER and len(details.members) < 2):
        raise WishIncomplete
    theirs = [row for row in (details.staff, details.school_class, *details.members) if row is not None]
    if any(row.organisation_id != organisation.id for row in theirs):
        raise NotOfThisSchool
    wish = Wish.objects.create(
        organisation=organisation,
        starts_on=on,
        **{name: getattr(details, name) for name in WishDetails.__dataclass_fields__ if name != "members"},
    )
    WishMember.objects.bulk_create(
        WishMember(organisation=organisation, wish=wish, class_subject=row) for row in details.members
    )
    audit.record(actor, "timetable_wish.added", wish, kind=wish.kind, on=on.isoformat())
    return wish


@transaction.atomic
def end_wish(*, actor: Actor, wish: Wish, on: date) -> Wish:
    """Ask it no more from a day on; what was published before stays as it is."""
    require(actor, Permission.TIMETABLE_WRITE, within=wish)
    wish.ends_on = max(on, wish.starts_on)
    wish.save(update_fields=["ends_on"])
    audit.record(actor, "timetable_wish.ended", wish, kind=wish.kind, on=on.isoformat())
    return wish
