"""Minutes of meetings, as pages and as paper."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.workspace import access
from khue.workspace.access import Permission
from khue.workspace.models import Attendance, Decision, Meeting
from khue.workspace.official.layout import Layout, Signature, kept, place_and_day
from khue.workspace.official.parts import Part, Role
from khue.workspace.queries.circles import memberships
from khue.workspace.queries.official import superior_of


def visible_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Minutes the actor may read, the latest meeting first. Page before use."""
    return Meeting.objects.filter(access.visible_meetings(actor)).select_related("chair", "secretary").order_by("-id")


def minutes_waiting(_yes: bool) -> Q:
    """Minutes that are handed in, and that nobody has agreed to yet."""
    return Q(submitted_at__isnull=False, agreed_at=None)


def meeting_of(actor: Actor, public_id: UUID) -> Meeting:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_meeting(actor, public_id))


@compiled
def _meeting(actor: Actor, public_id: UUID) -> QuerySet[Meeting]:
    return visible_meetings(actor).select_related("organisation__parent").filter(public_id=public_id)


class Present(NamedTuple):
    """Somebody who was at a meeting; key: the person's public id."""

    key: UUID
    full_name: str


def present_at(meeting: Meeting) -> list[Present]:
    """Who was there, in name order. One query."""
    return [Present(*row) for row in _present(meeting.id)]


@compiled
def _present(meeting_id: int) -> QuerySet[Attendance, tuple[UUID, str]]:
    rows = Attendance.objects.filter(meeting_id=meeting_id).order_by("person__sort_key", "id")
    return rows.values_list("person__public_id", "person__full_name")


def decisions_of(meeting: Meeting) -> list[Decision]:
    """What was decided, each with its person and what became of the task. One query."""
    return list(_decisions(meeting.id))


@compiled
def _decisions(meeting_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(meeting_id=meeting_id).select_related("assignee", "task").order_by("order")


def meeting_path(meeting: Meeting) -> str:
    """The address of minutes. No query."""
    return f"/work/meetings/{meeting.public_id}/"


def may_agree(actor: Actor, meeting: Meeting) -> bool:
    """Whether the buttons to agree and to send back are shown; the actions check again."""
    if meeting.agreed_at is not None:
        return False
    if meeting.submitted_at is None and meeting.secretary_id != actor.person_id:
        return False
    if actor.may(Permission.DECIDE, meeting):
        return True
    mine = memberships(actor) if meeting.circle else []
    return any(each.leads and each.key == meeting.circle for each in mine)


def minutes_layout(meeting: Meeting, present: Sequence[Present], decisions: Sequence[Decision]) -> Layout:
    """Minutes on paper: Decree 30/2020/NĐ-CP, annex III, form 1.9."""
    held = timezone.localtime(meeting.held_at, VIETNAM)
    names = ", ".join(each.full_name for each in present)
    lines = [
        f"Thời gian bắt đầu: {held:%H} giờ {held:%M}, ngày {held:%d/%m/%Y}.",
        f"Địa điểm: {meeting.place}." if meeting.place else "",
        f"Thành phần tham dự ({len(present)} người): {names}.",
        f"Vắng mặt: {meeting.absent.rstrip('.')}." if meeting.absent else "",
        f"Chủ trì (chủ toạ): {meeting.chair.full_name}.",
        f"Thư ký (người ghi biên bản): {meeting.secretary.full_name}.",
    ]
    parts = [Part(Role.TEXT, line) for line in lines if line]
    spoken = [line for line in meeting.proceedings.splitlines() if line.strip()]
    if spoken:
        parts += [Part(Role.HEADING, "Nội dung"), *(Part(Role.TEXT, line) for line in spoken)]
    if decisions:
        parts += [Part(Role.HEADING, "Kết luận"), *(_decided(each) for each in decisions)]
    if meeting.ended_at:
        ended = timezone.localtime(meeting.ended_at, VIETNAM)
        parts.append(Part(Role.TEXT, f"Cuộc họp kết thúc vào {ended:%H} giờ {ended:%M}, ngày {ended:%d/%m/%Y}./."))
    return Layout(
        superior=kept(superior_of(meeting.organisation)).upper(), issuer=kept(meeting.organisation.name).upper(),
        symbol=f"Số: {meeting.symbol or '……/BB-……'}",
        place_and_day=place_and_day("", held.date()), stamp="", kind="BIÊN BẢN", about=meeting.title, authority="",
        to=(), parts=tuple(parts), copies=(), name=f"Biên bản {held:%d-%m-%Y}",
        signatures=(
            Signature(("THƯ KÝ",), meeting.secretary.full_name), Signature(("CHỦ TỌA",), meeting.chair.full_name),
        ),
    )  # fmt: skip


def _decided(decision: Decision) -> Part:
    by = f" – {decision.assignee.full_name}" if decision.assignee else ""
    until = f", hạn {decision.due_on:%d/%m/%Y}" if decision.due_on else ""
    return Part(Role.TEXT, f"{decision.words}{by}{until}.", f"{decision.order}.")
