"""Two lessons of a class change places on one day, by agreement: nobody is away."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.registry import queries as registry
from khue.schools.models import SchoolClass
from khue.timetable import labels, queries
from khue.timetable.access import Permission
from khue.timetable.actions.versions import hold_week
from khue.timetable.models import Move, Slot, Swap

AUDIENCES = ("schools.class_pupils", "schools.class_guardians")


class SwapTooLate(Refusal):
    code = "swap_too_late"
    message = gettext_lazy("Chỉ đổi được tiết của hôm nay và những ngày sau; buổi đã dạy giữ như đã dạy.")


class SwapLessonGone(Refusal):
    code = "swap_lesson_gone"
    message = gettext_lazy("Ngày này lớp không có tiết đó nữa. Hãy tải lại trang.")


class SwapClash(Refusal):
    code = "swap_clash"
    message = gettext_lazy("Chưa đổi được: %(why)s")


class SwapTakenBack(Refusal):
    code = "swap_taken_back"
    message = gettext_lazy("Lần đổi tiết này đã được bỏ. Hãy tải lại trang.")


@transaction.atomic
def swap_lessons(
    *, actor: Actor, school_class: SchoolClass, day: date, slots: tuple[int, int], reason: str, at: datetime
) -> Swap:
    """Let two lessons of a class change places on a day; tell their teachers, the pupils and their guardians.

    slots    the two lessons, by the ids of their slots; in the same half-day
    refuses  SwapTooLate; SwapLessonGone; SwapClash, which names the teacher, room or class that is taken
    """
    require(actor, Permission.TIMETABLE_WRITE, within=school_class)
    _refuse_the_past(day, at)
    organisation_id = school_class.organisation_id
    hold_week(organisation_id)
    pair, clash = queries.clash_of(organisation_id, day, slots)
    if pair is None or any(each.school_class != school_class.id for each in pair):
        raise SwapLessonGone
    if clash is not None:
        raise SwapClash(why=labels.clash_sentence(clash))
    swap = Swap.objects.create(organisation_id=organisation_id, day=day, reason=reason.strip(), arranged_at=at)
    one, other = pair
    try:
        with transaction.atomic():
            Move.objects.bulk_create(
                Move(
                    organisation_id=organisation_id, swap=swap, slot_id=lesson.slot, day=day, session=to.session,
                    period=to.period,
                )
                for lesson, to in ((one, other), (other, one))
            )  # fmt: skip
    except IntegrityError:
        raise SwapLessonGone from None
    audit.record(actor, "lessons.swapped", swap, day=day.isoformat())
    _tell(actor, swap, slots, _("Đổi tiết ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}, _new_places(swap), at)
    return swap


@transaction.atomic
def take_back_swap(*, actor: Actor, swap: Swap, at: datetime) -> None:
    """The two lessons are where the week's plan has them; whoever was told hears that too.

    refuses  SwapTooLate; SwapTakenBack; SwapClash where a period has been given away meanwhile
    """
    require(actor, Permission.TIMETABLE_WRITE, within=swap)
    _refuse_the_past(swap.day, at)
    hold_week(swap.organisation_id)
    if not Swap.objects.filter(id=swap.id, withdrawn_at=None).exists():
        raise SwapTakenBack
    clash = queries.clash_of_return(swap)
    if clash is not None:
        raise SwapClash(why=labels.clash_sentence(clash))
    Swap.objects.filter(id=swap.id).update(withdrawn_at=at)
    moves = Move.objects.filter(swap=swap)
    moves.update(withdrawn_at=at)
    audit.record(actor, "lessons.swapped_back", swap, day=swap.day.isoformat())
    subject = _("Không đổi tiết ngày %(day)s nữa") % {"day": f"{swap.day:%d/%m/%Y}"}
    slots = list(moves.order_by("id").values_list("slot_id", flat=True))
    _tell(actor, swap, slots, subject, _("Các tiết học như thời khoá biểu."), at)


def _refuse_the_past(day: date, at: datetime) -> None:
    if day < at.astimezone(VIETNAM).date():
        raise SwapTooLate


def _new_places(swap: Swap) -> str:
    lines = [
        _("%(subject)s (%(teacher)s): %(period)s, thay cho tiết %(was)s")
        % {
            "subject": each.subject,
            "teacher": each.teacher,
            "period": labels.period_name(each.session, each.period),
            "was": each.was,
        }
        for each in queries.moved_by([swap])[swap.id]
    ]
    return "\n".join(filter(None, [*lines, swap.reason]))


def _tell(actor: Actor, swap: Swap, slots: Sequence[int], subject: str, body: str, at: datetime) -> None:
    """Both teachers, and the class: the same words, each with the way to its own week. Told again, it is corrected."""
    rows = Slot.objects.filter(id__in=slots).select_related("class_subject__school_class", "staff").order_by("id")
    lessons = list(rows)
    school_class = lessons[0].class_subject.school_class
    class_id = str(school_class.id)
    family = {each for kind in AUDIENCES for each in registry.people_of_audience(kind, swap.organisation_id, class_id)}
    for whom, view, people in (
        ("staff", "teacher", {each.staff.person_id for each in lessons}),
        ("class", "class", family),
    ):
        note = Note(
            kind="timetable.swap",
            key=f"timetable.swap:{swap.public_id}:{whom}",
            subject=_("%(what)s, lớp %(name)s") % {"what": subject, "name": school_class.name},
            body=body,
            link=f"{reverse('timetable:week')}?view={view}&week={swap.day.isoformat()}",
            caused_by_id=actor.account_id,
        )
        messaging.notify(actor=actor, organisation_id=swap.organisation_id, note=note, recipients=sorted(people), at=at)
