"""Joining the queue of an admission when a dossier is filed, and the place that the tracking page shows."""

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
from khue.procedures.extensions import CaseFacts, Note
from khue.schools.dossiers import seats
from khue.schools.labels import SEATINGS
from khue.schools.models import AdmissionPlace, AdmissionPlan

# Both in one statement: the row of the plan is locked while whoever comes next waits for it. docs/decisions/0195
_JOINED = """
WITH counted AS (UPDATE schools_admissionplan SET joined = %(number)s WHERE id = %(plan)s)
INSERT INTO schools_admissionplace (organisation_id, plan_id, case_id, code, priority, number)
VALUES (%(organisation)s, %(plan)s, %(case)s, %(code)s, %(priority)s, %(number)s) RETURNING id
"""


class AdmissionNotOpen(Refusal):
    code = "admission_not_open"
    message = gettext_lazy("Trường hiện không nhận đăng ký tuyển sinh này. Hãy xem thời gian mở của trường.")


def join_queue(actor: Actor, facts: CaseFacts, _on: date, at: datetime) -> None:
    """Take the next number of the plan that is open. One row a school is locked, for the rest of this transaction.

    refuses  AdmissionNotOpen
    """
    plans = _open_plan(facts.organisation_id, facts.procedure, at)
    if not plans:
        raise AdmissionNotOpen
    plan, said = plans[0], dict[str, Any](facts.data)
    made = AdmissionPlace(
        organisation_id=facts.organisation_id, plan=plan, case_id=facts.case_id, code=facts.code,
        number=plan.joined + 1,
        priority=seats.priority_of(
            str(said.get("commune", "")), str(said.get("street", "")), str(said.get("priority", "")), plan.zones
        ),
    )  # fmt: skip
    _write(made)
    audit.record(actor, "admission.joined", made, number=made.number, priority=made.priority, case=facts.code)


@compiled
def _open_plan(organisation_id: int, procedure: str, at: datetime) -> QuerySet[AdmissionPlan]:
    is_open = Q(opens_at__lte=at, closes_at__gt=at, seated_at=None)
    rows = AdmissionPlan.objects.filter(is_open, organisation_id=organisation_id, procedure=procedure)
    return rows.select_for_update().order_by("id")[:1]


def _write(place: AdmissionPlace) -> None:
    values = {
        "organisation": place.organisation_id, "plan": place.plan_id, "case": place.case_id, "code": place.code,
        "priority": place.priority, "number": place.number,
    }  # fmt: skip
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_JOINED, values)
    (place.id,) = cursor.fetchone()


def place_shown(facts: CaseFacts) -> Sequence[Note]:
    """The number by receipt, the seats, and how many stand before it or what came of it. Two queries."""
    places = _place_of(facts.case_id)
    if not places:
        return ()
    place, plan = places[0], places[0].plan
    notes = [Note(_("Số thứ tự nhận hồ sơ"), str(place.number)), Note(_("Chỉ tiêu của trường"), str(plan.capacity))]
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


@compiled
def _place_of(case_id: int) -> QuerySet[AdmissionPlace]:
    return AdmissionPlace.objects.select_related("plan", "case", "enrolment__school_class").filter(case_id=case_id)


@compiled
def _before(plan_id: int, priority: int, number: int) -> QuerySet[AdmissionPlace, int]:
    sooner = Q(priority__lt=priority) | Q(priority=priority, number__lt=number)
    rows = AdmissionPlace.objects.filter(sooner, plan_id=plan_id, case__finished_on=None)
    return rows.values("plan_id").annotate(many=Count("id")).values_list("many", flat=True).order_by()
