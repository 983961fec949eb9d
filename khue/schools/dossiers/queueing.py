"""Joining the queue of an admission when a dossier is filed, and the place that the tracking page shows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal
from khue.procedures.extensions import CaseFacts, Note
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan


class AdmissionNotOpen(Refusal):
    code = "admission_not_open"
    message = gettext_lazy("Trường hiện không nhận đăng ký tuyển sinh này. Hãy xem thời gian mở của trường.")


def join_queue(actor: Actor, facts: CaseFacts, _on: date, at: datetime) -> None:
    """Take the next number of the plan that is open. One row a school is locked, for the rest of this transaction.

    refuses  AdmissionNotOpen
    """
    is_open = Q(opens_at__lte=at, closes_at__gt=at, seated_at=None)
    rows = AdmissionPlan.objects.filter(is_open, organisation_id=facts.organisation_id, procedure=facts.procedure)
    plan = rows.select_for_update().first()
    if plan is None:
        raise AdmissionNotOpen
    plan.joined += 1
    AdmissionPlan.objects.filter(id=plan.id).update(joined=F("joined") + 1)
    said: dict[str, Any] = dict(facts.data)
    made = AdmissionPlace.objects.create(
        organisation_id=facts.organisation_id, plan=plan, case_id=facts.case_id, code=facts.code, number=plan.joined,
        priority=seats.priority_of(
            str(said.get("commune", "")), str(said.get("street", "")), str(said.get("priority", "")), plan.zones
        ),
    )  # fmt: skip
    audit.record(actor, "admission.joined", made, number=made.number, priority=made.priority, case=facts.code)


def place_shown(facts: CaseFacts) -> Sequence[Note]:
    """The number by receipt, how many stand before it, and how many seats there are. Two queries."""
    place = AdmissionPlace.objects.select_related("plan").filter(case_id=facts.case_id).first()
    if place is None:
        return ()
    plan, still = place.plan, Q(case__finished_on=None)
    notes = [Note(_("Số thứ tự nhận hồ sơ"), str(place.number)), Note(_("Chỉ tiêu của trường"), str(plan.capacity))]
    if plan.seated_at is None:
        before = AdmissionPlace.objects.filter(
            Q(priority__lt=place.priority) | Q(priority=place.priority, number__lt=place.number), still, plan=plan
        ).count()
        text = _("Trong nhóm ưu tiên của hồ sơ, thứ tự do bốc thăm; mã băm %(digest)s") % {"digest": plan.seed_digest}
        href = reverse("schools:admission_queue", args=[plan.public_id]) + f"?code={quote(facts.code)}"
        notes.append(Note(_("Chỗ trong hàng chờ"), text if plan.is_drawn else str(before + 1), href))
    elif plan.seed:
        notes.append(Note(_("Số bốc thăm đã dùng"), plan.seed))
    return notes
