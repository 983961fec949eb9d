"""How a school counts meals."""

from datetime import date, datetime, time

from django.db import transaction

from khue.attendance.access import Permission
from khue.attendance.models import MealRules
from khue.foundation import audit
from khue.foundation.actor import Actor, require


@transaction.atomic
def set_meal_rules(
    *,
    actor: Actor,
    organisation_id: int,
    valid_from: date,
    session: str,
    weekdays: str,
    cut_off: time | None,
    at: datetime,
) -> MealRules:
    """Say from a day on which presence is a meal. What held before that day stays; the same day again is put right.

    session   "am", "pm", or "" where either half-day will do; weekdays: "12345", 1 is Monday
    cut_off   until when an absence of the same day is not paid for; None where no absence is
    """
    require(actor, Permission.LOG_RULES, within=organisation_id)
    made, _is_new = MealRules.objects.update_or_create(
        organisation_id=organisation_id,
        valid_from=valid_from,
        defaults={"session": session, "weekdays": weekdays, "cut_off": cut_off, "set_at": at},
    )
    until = f"{cut_off:%H:%M}" if cut_off else None
    audit.record(
        actor, "meal_rules.set", made, valid_from=valid_from, session=session, weekdays=weekdays, cut_off=until
    )
    return made
