"""The hours of periods at each campus, and the ways between campuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.timetable import labels
from khue.timetable.access import Permission
from khue.timetable.models import Bell, CampusWay
from khue.timetable.planning.ways import LONGEST_WAY, disorder

#: Two campuses, the one with the lower key first; None is the main one and stands second.
Pair = tuple[int, int | None]


class BellMissing(Refusal):
    code = "bell_missing"
    message = _("Chưa có giờ của %(period)s nhưng đã có giờ của tiết sau. Hãy điền hoặc bỏ tiết sau.")


class BellsOverlap(Refusal):
    code = "bells_overlap"
    message = _("Giờ của %(period)s bắt đầu trước khi tiết trước kết thúc. Hãy sửa giờ.")


class CampusNotHere(Refusal):
    code = "campus_not_here"
    message = _("Điểm trường này không thuộc nhà trường. Hãy tải lại trang.")


class WayTooLong(Refusal):
    code = "way_too_long"
    message = _("Thời gian đi lại từ 0 đến 240 phút. Hãy sửa lại.")


@dataclass(frozen=True)
class BellTime:
    """The hours of one period."""

    session: str
    period: int
    starts_at: time
    ends_at: time


@transaction.atomic
def set_bells(
    *, actor: Actor, organisation: Organisation, campus: Organisation | None, bells: Sequence[BellTime]
) -> None:
    """Replace the bell times of a school, or of one campus whose hours differ; none at all: those of the main one.

    refuses  BellMissing where a period is left out; BellsOverlap; CampusNotHere
    """
    require(actor, Permission.TIMETABLE_WRITE, within=organisation)
    if campus is not None and campus.id not in {each.id for each in schools.campuses_of(organisation)}:
        raise CampusNotHere
    wrong = disorder({(bell.session, bell.period): (bell.starts_at, bell.ends_at) for bell in bells})
    if wrong is not None:
        refusal = BellMissing if wrong.is_missing else BellsOverlap
        raise refusal(period=labels.period_name(wrong.session, wrong.period))
    Bell.objects.filter(organisation=organisation, campus=campus).delete()
    Bell.objects.bulk_create(
        Bell(
            organisation=organisation,
            campus=campus,
            session=bell.session,
            period=bell.period,
            starts_at=bell.starts_at,
            ends_at=bell.ends_at,
        )
        for bell in bells
    )
    audit.record(actor, "bells.set", organisation, campus=campus.id if campus else None, count=len(bells))


@transaction.atomic
def set_ways(*, actor: Actor, organisation: Organisation, minutes: Mapping[Pair, int | None]) -> None:
    """Say how long the way between two campuses takes; None: nobody measured it.

    refuses  CampusNotHere; WayTooLong
    """
    require(actor, Permission.TIMETABLE_WRITE, within=organisation)
    known = {each.id for each in schools.campuses_of(organisation)}
    if any(one not in known or (other is not None and other not in known) for one, other in minutes):
        raise CampusNotHere
    if any(each is not None and not 0 <= each <= LONGEST_WAY for each in minutes.values()):
        raise WayTooLong
    CampusWay.objects.filter(organisation=organisation).delete()
    CampusWay.objects.bulk_create(
        CampusWay(organisation=organisation, one_id=one, other_id=other, minutes=each)
        for (one, other), each in minutes.items()
        if each is not None
    )
    audit.record(actor, "campus_ways.set", organisation, count=sum(each is not None for each in minutes.values()))
