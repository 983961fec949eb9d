"""Joining the queue of an admission when a dossier is filed, and the place that the tracking page shows."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import quote

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import Refusal
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.foundation.text import fold
from khue.procedures.extensions import CaseFacts, Note
from khue.schools.access import Permission
from khue.schools.dossiers import seats
from khue.schools.labels import PRIORITIES, SEATINGS
from khue.schools.models import AdmissionPlace, AdmissionPlan

# Both in one statement: the row of the plan is locked while whoever comes next waits for it. docs/decisions/0195
_JOINED = """
WITH counted AS (UPDATE schools_admissionplan SET joined = %(number)s WHERE id = %(plan)s),
standing AS (
    SELECT p.id FROM schools_admissionplace p JOIN procedures_case c ON c.id = p.case_id
    WHERE p.plan_id = %(plan)s AND p.child = %(child)s AND c.finished_on IS NULL LIMIT 1)
INSERT INTO schools_admissionplace (organisation_id, plan_id, case_id, code, priority, number, child, judged)
VALUES (%(organisation)s, %(plan)s, %(case)s, %(code)s, %(priority)s, %(number)s, %(child)s, '')
RETURNING id, EXISTS (SELECT FROM standing)
"""
#: Years between a child's year of birth and the year in which the grade begins: TT 28/2020/TT-BGDĐT, Điều 33.
AGES = {"first-grade-admission": (6, 9)}


class AdmissionNotOpen(Refusal):
    code = "admission_not_open"
    message = gettext_lazy("Trường hiện không nhận đăng ký tuyển sinh này. Hãy xem thời gian mở của trường.")


class AgeOutside(Refusal):
    code = "age_outside"
    field = "born_on_"
    message = gettext_lazy(
        "Vào lớp này năm học %(year)s là trẻ sinh từ năm %(first)s đến năm %(last)s. Hãy xem lại ngày sinh."
    )


class StandsAlready(Refusal):
    code = "stands_already"
    field = "subject_name_"
    message = gettext_lazy(
        "Đợt tuyển sinh này đã nhận một hồ sơ mang họ tên và ngày sinh của em; mỗi em một hồ sơ. Muốn sửa, hãy rút hồ "
        "sơ kia ở trang theo dõi rồi nộp lại. Nếu là em khác trùng tên và ngày sinh, hãy nộp tại trường."
    )


def join_queue(actor: Actor, facts: CaseFacts, _on: date, at: datetime) -> None:
    """Take the next number of the plan that is open. One row a school is locked, for the rest of this transaction.

    refuses  AdmissionNotOpen; AgeOutside; StandsAlready for a child whose application waits there already, unless the
             office itself files it and has seen that it is another child
    """
    plans = _open_plan(facts.organisation_id, facts.procedure, at)
    if not plans:
        raise AdmissionNotOpen
    plan, said = plans[0], dict[str, Any](facts.data)
    _refuse_age(plan, facts.born_on)
    made = AdmissionPlace(
        organisation_id=facts.organisation_id, plan=plan, case_id=facts.case_id, code=facts.code,
        number=plan.joined + 1, child=child_of(facts.subject_name, facts.born_on),
        priority=seats.priority_of(
            str(said.get("commune", "")), str(said.get("street", "")), str(said.get("priority", "")), plan.zones
        ),
    )  # fmt: skip
    if _write(made) and not actor.may(Permission.CLASSES_WRITE, plan):
        raise StandsAlready
    audit.record(actor, "admission.joined", made, number=made.number, priority=made.priority, case=facts.code)


@compiled
def _open_plan(organisation_id: int, procedure: str, at: datetime) -> QuerySet[AdmissionPlan]:
    is_open = Q(opens_at__lte=at, closes_at__gt=at, seated_at=None)
    rows = AdmissionPlan.objects.filter(is_open, organisation_id=organisation_id, procedure=procedure)
    return rows.select_for_update().order_by("id")[:1]


class SeatsTogether(Refusal):
    code = "seats_together"
    field = "decision"
    message = gettext_lazy(
        "Chỗ được xếp cùng lúc cho mọi hồ sơ, theo quy tắc đã công bố, ở trang Tuyển sinh. Ở đây chỉ từ chối được hồ "
        "sơ không đủ điều kiện."
    )


def review(_actor: Actor, facts: CaseFacts, _on: date, _at: datetime) -> None:
    """One application by itself may be refused, with a reason; a seat is given to nobody before all others.

    refuses  SeatsTogether
    """
    if facts.data.get("decision") == "accept" and _is_unseated(facts.case_id):
        raise SeatsTogether


def review_many(_actor: Actor, facts: Sequence[CaseFacts], _on: date, _at: datetime) -> None:
    """As `review`, of applications decided together. One query."""
    accepted = [each.case_id for each in facts if each.data.get("decision") == "accept"]
    if AdmissionPlace.objects.filter(case_id__in=accepted, plan__seated_at=None).exists():
        raise SeatsTogether


@compiled
def _unseated(case_id: int) -> QuerySet[AdmissionPlace, int]:
    return AdmissionPlace.objects.filter(case_id=case_id, plan__seated_at=None).values_list("id", flat=True)


def _is_unseated(case_id: int) -> bool:
    return bool(list(_unseated(case_id)))


def _refuse_age(plan: AdmissionPlan, born_on: date) -> None:
    if plan.procedure not in AGES:
        return
    begins, (least, most) = int(plan.year[:4]), AGES[plan.procedure]
    if not least <= begins - born_on.year <= most:
        raise AgeOutside(year=plan.year, first=begins - most, last=begins - least)


def child_of(name: str, born_on: date) -> str:
    """A digest by which two applications for one child are seen to be for one."""
    return hashlib.sha256(f"{' '.join(fold(name).split())}|{born_on.isoformat()}".encode()).hexdigest()


def _write(place: AdmissionPlace) -> bool:
    """Whether the child stood in the queue before."""
    values = {
        "organisation": place.organisation_id, "plan": place.plan_id, "case": place.case_id, "code": place.code,
        "priority": place.priority, "number": place.number, "child": place.child,
    }  # fmt: skip
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_JOINED, values)
    place.id, stood = cursor.fetchone()
    return bool(stood)


def place_shown(facts: CaseFacts) -> Sequence[Note]:
    """The number by receipt, the seats, and how many stand before it or what came of it. Two queries."""
    places = _place_of(facts.case_id)
    if not places:
        return ()
    place, plan = places[0], places[0].plan
    notes = [
        Note(_("Số thứ tự nhận hồ sơ"), str(place.number)), Note(_("Chỉ tiêu của trường"), str(plan.capacity)),
        Note(_("Nhóm xếp chỗ"), _group(place)),
    ]  # fmt: skip
    if plan.seated_at is None:
        before = next(iter(_before(plan.id, place.priority, place.number)), 0)
        text = _("Trong nhóm ưu tiên của hồ sơ, thứ tự do bốc thăm; mã băm %(digest)s") % {"digest": plan.seed_digest}
        href = reverse("schools:admission_queue", args=[plan.public_id]) + f"?code={quote(facts.code)}"
        notes.append(Note(_("Chỗ trong hàng chờ"), text if plan.is_drawn else str(before + 1), href))
        return notes
    result = SEATINGS[place.case.ends]
    if place.enrolment is not None:
        result = _("%(result)s, lớp %(class)s") % {"result": result, "class": place.enrolment.school_class.name}
    notes.append(Note(_("Kết quả tuyển sinh"), result, reverse("schools:admission_results", args=[plan.public_id])))
    if plan.seed:
        notes.append(Note(_("Số bốc thăm đã dùng"), plan.seed))
    return notes


def _group(place: AdmissionPlace) -> str:
    """The class of priority, and how to object while that may still help."""
    group = str(PRIORITIES[place.priority])
    if place.judged:
        return _("%(group)s (nhà trường xét: %(why)s)") % {"group": group, "why": place.judged}
    if place.plan.seated_at is None and place.priority in (seats.WITH_GROUND, seats.LAST):
        return _("%(group)s. Nếu nơi ở thuộc địa bàn, hãy báo trường trước khi hết hạn nhận hồ sơ.") % {"group": group}
    return group


@compiled
def _place_of(case_id: int) -> QuerySet[AdmissionPlace]:
    return AdmissionPlace.objects.select_related("plan", "case", "enrolment__school_class").filter(case_id=case_id)


@compiled
def _before(plan_id: int, priority: int, number: int) -> QuerySet[AdmissionPlace, int]:
    sooner = Q(priority__lt=priority) | Q(priority=priority, number__lt=number)
    rows = AdmissionPlace.objects.filter(sooner, plan_id=plan_id, case__finished_on=None)
    return rows.values("plan_id").annotate(many=Count("id")).values_list("many", flat=True).order_by()
