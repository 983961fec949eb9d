"""What the clock does for procedures, and what applicants are told."""

from datetime import timedelta

from django.utils.translation import gettext as _

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.messaging import actions as messaging
from khue.procedures import actions, labels, queries, working_days
from khue.procedures.events import CaseFinished, SupplementAsked
from khue.procedures.models import Case, Knock
from khue.procedures.versions import version

AT_ONCE = 200


def tell_of_supplement(event: SupplementAsked) -> None:
    """Tell an applicant with an account what is missing."""
    case = Case.objects.select_related("definition").get(id=event.case_id)
    _tell(case, "supplement", _("Hồ sơ %(code)s cần bổ sung"), _("Xin mở trang theo dõi để xem cần bổ sung gì."))


def tell_of_end(event: CaseFinished) -> None:
    """Tell an applicant with an account how it ended."""
    case = Case.objects.select_related("definition").get(id=event.case_id)
    text = case.reason or str(labels.ENDS[event.ends])
    _tell(case, "end", _("Hồ sơ %(code)s đã giải quyết xong"), text)


def _tell(case: Case, kind: str, subject: str, text: str) -> None:
    if case.applicant_id is None:
        return
    messaging.notify(
        actor=SYSTEM,
        organisation_id=case.organisation_id,
        note=messaging.Note(
            key=f"procedures.{kind}:{case.id}",
            kind="procedure",
            subject=subject % {"code": case.code},
            body=f"{version(case.definition.public_id).title}. {text}",
            link=f"/procedures/cases/{case.public_id}/",
            about_id=case.subject_id,
        ),
        recipients=[case.applicant_id],
        at=clock.now(),
    )


def apologise_for_late_cases() -> int:
    """Apologise where an office let a day pass and has not done so itself. Returns for how many cases.

    The new day is as many working days away as the procedure takes from the beginning.
    source  domain §5.1: late must apologise, once, with a new date
    """
    count = 0
    with scope.of_organisation(None):
        exceptions = queries.exceptions_from(clock.today())
        late = queries.late_cases(None, clock.today()).select_related("definition").order_by("id")
        for case in late.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]:
            days = max(1, case.definition.working_days)
            actions.apologise(
                actor=SYSTEM,
                case=case,
                promised_on=working_days.due_on(clock.today(), days, exceptions),
                reason=_("Hồ sơ đã quá ngày hẹn trả."),
                at=clock.now(),
            )
            count += 1
    return count


def forget_knocks() -> int:
    """Forget tries that are long over."""
    with scope.of_organisation(None):
        gone, _kinds = Knock.objects.filter(last_at__lt=clock.now() - timedelta(days=1)).delete()
    return gone
