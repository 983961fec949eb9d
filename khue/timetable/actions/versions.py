"""Publishing a week's plan."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.schools.models import ClassSubject, Room, StaffMember, Term
from khue.timetable.access import Permission
from khue.timetable.events import TimetablePublished
from khue.timetable.models import Cover, Move, Slot, Swap, TimetableVersion


class TwoPlacesAtOnce(Refusal):
    code = "two_places_at_once"
    message = _("%(who)s có hai tiết cùng lúc: thứ %(weekday)s, buổi %(session)s, tiết %(period)s. Hãy dời một tiết.")


class OutsideTerm(Refusal):
    code = "outside_term"
    message = _("Thời khoá biểu phải bắt đầu trong học kì, từ %(first)s đến %(last)s.")
    field = "valid_from"


class LaterVersionExists(Refusal):
    code = "later_version_exists"
    message = _("Đã có thời khoá biểu áp dụng từ ngày %(day)s hoặc sau đó. Hãy chọn ngày bắt đầu muộn hơn.")
    field = "valid_from"


class CoversStand(Refusal):
    code = "covers_stand"
    message = _("Đã phân công dạy thay trong thời khoá biểu này. Hãy thôi phân công dạy thay rồi công bố lại.")
    field = "valid_from"


class SwapsStand(Refusal):
    code = "swaps_stand"
    message = _("Có tiết của thời khoá biểu này đã đổi chỗ. Hãy bỏ đổi tiết trước, hoặc chọn ngày áp dụng khác.")


@dataclass(frozen=True)
class PlannedLesson:
    """One period of the week to be taught. weekday 1 Monday to 7 Sunday; session "am" or "pm"."""

    class_subject: ClassSubject
    staff: StaffMember
    weekday: int
    session: str
    period: int
    room: Room | None = None
    is_online: bool = False


@transaction.atomic
def publish_timetable(
    *, actor: Actor, term: Term, title: str, valid_from: date, lessons: Sequence[PlannedLesson], at: datetime
) -> TimetableVersion:
    """Publish the weekly plan in force from a day on; the version before it ends the day before.

    One that begins that day and has not begun is replaced: a mistake found on Sunday is mended for Monday.
    refuses  TwoPlacesAtOnce for a teacher, a class-subject or a room; OutsideTerm; LaterVersionExists; CoversStand;
             SwapsStand
    """
    require(actor, Permission.TIMETABLE_WRITE, within=term)
    if not term.starts_on <= valid_from <= term.ends_on:
        raise OutsideTerm(first=f"{term.starts_on:%d/%m/%Y}", last=f"{term.ends_on:%d/%m/%Y}")
    _refuse_conflicts(lessons)
    versions = TimetableVersion.objects.select_for_update().filter(organisation_id=term.organisation_id)
    versions.filter(valid_from__lt=valid_from).filter(Q(valid_to=None) | Q(valid_to__gte=valid_from)).update(
        valid_to=valid_from - timedelta(days=1)
    )
    is_to_come = valid_from > at.astimezone(VIETNAM).date()
    replaced = versions.filter(valid_from=valid_from).first() if is_to_come else None
    later = versions.filter(valid_from__gt=valid_from) if replaced else versions.filter(valid_from__gte=valid_from)
    if later.exists():
        raise LaterVersionExists(day=f"{valid_from:%d/%m/%Y}")
    if replaced is not None:
        version = _emptied(replaced, title, at)
    else:
        version = TimetableVersion.objects.create(
            organisation_id=term.organisation_id, term=term, title=title, valid_from=valid_from, published_at=at
        )
    Slot.objects.bulk_create([_slot(version, lesson) for lesson in lessons], batch_size=1000)
    audit.record(actor, "timetable.published", version, title=title, lessons=len(lessons))
    events.publish(TimetablePublished(organisation_id=term.organisation_id, version_id=version.id))
    return version


def hold_week(organisation_id: int) -> None:
    """Let nobody else publish, cover or exchange lessons of the school until this transaction ends."""
    rows = TimetableVersion.objects.select_for_update().filter(organisation_id=organisation_id)
    list(rows.order_by("id").values_list("id", flat=True))


def _emptied(version: TimetableVersion, title: str, at: datetime) -> TimetableVersion:
    """A version that has not begun, without its lessons. What was told of it is corrected by its own keys."""
    covers = Cover.objects.filter(slot__version=version)
    if covers.filter(withdrawn_at=None).exists():
        raise CoversStand
    moves = Move.objects.filter(slot__version=version)
    if moves.filter(withdrawn_at=None).exists():
        raise SwapsStand
    covers.delete()
    Swap.objects.filter(moves__in=moves).delete()
    Slot.objects.filter(version=version).delete()
    version.title, version.published_at = title, at
    version.save(update_fields=["title", "published_at"])
    return version


def _slot(version: TimetableVersion, lesson: PlannedLesson) -> Slot:
    return Slot(
        organisation_id=version.organisation_id,
        version=version,
        class_subject=lesson.class_subject,
        staff=lesson.staff,
        room=lesson.room,
        weekday=lesson.weekday,
        session=lesson.session,
        period=lesson.period,
        is_online=lesson.is_online,
    )


def _refuse_conflicts(lessons: Sequence[PlannedLesson]) -> None:
    taken: Counter[tuple[str, int, int, str, int]] = Counter()
    for lesson in lessons:
        when = (lesson.weekday, lesson.session, lesson.period)
        taken["teacher", lesson.staff.id, *when] += 1
        taken["class_subject", lesson.class_subject.id, *when] += 1
        if lesson.room is not None:
            taken["room", lesson.room.id, *when] += 1
    for (kind, _id, weekday, session, period), count in taken.items():
        if count > 1:
            who = {"teacher": _("Một giáo viên"), "class_subject": _("Một lớp"), "room": _("Một phòng")}[kind]
            half_day = _("sáng") if session == "am" else _("chiều")
            raise TwoPlacesAtOnce(who=who, weekday=weekday + 1, session=half_day, period=period)
