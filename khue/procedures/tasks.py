"""What the clock does for procedures, and what applicants are told."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.messaging import actions as messaging
from khue.procedures import actions, labels, queries
from khue.procedures.events import CaseApologised, CaseFiled, CaseFinished, ResultSigned, SupplementAsked
from khue.procedures.models import Case, Knock
from khue.procedures.versions import version

AT_ONCE = 200


def tell_of_receipt(event: CaseFiled) -> None:
    """Mail the receipt to an applicant without an account."""
    case = _case(event.case_id)
    day = f"{case.due_on:%d/%m/%Y}" if case.due_on else ""
    _tell(case, "receipt", _("Đã nhận hồ sơ %(code)s"), _("Hẹn trả kết quả: %(day)s.") % {"day": day})


def tell_of_supplement(event: SupplementAsked) -> None:
    """Tell an applicant what is missing."""
    case = _case(event.case_id)
    _tell(case, "supplement", _("Hồ sơ %(code)s cần bổ sung"), _("Xin mở trang theo dõi để xem cần bổ sung gì."))


def tell_of_apology(event: CaseApologised) -> None:
    """Tell an applicant that it takes longer, and until when."""
    case = _case(event.case_id)
    day = f"{case.promised_on:%d/%m/%Y}" if case.promised_on else ""
    said = _("%(office)s xin lỗi và hẹn lại ngày %(day)s.") % {"office": case.organisation.name, "day": day}
    _tell(case, "apology", _("Hồ sơ %(code)s trả kết quả chậm"), said)


def tell_of_end(event: CaseFinished) -> None:
    """Tell an applicant how it ended."""
    case = _case(event.case_id)
    text = case.reason or str(labels.ENDS[event.ends])
    _tell(case, "end", _("Hồ sơ %(code)s đã giải quyết xong"), text)


def tell_of_result(event: ResultSigned) -> None:
    """Tell an applicant that the signed result can be taken."""
    case = _case(event.case_id)
    _tell(case, "result", _("Hồ sơ %(code)s đã có kết quả"), _("Kết quả đã kí số, tải được ở trang theo dõi hồ sơ."))


def _case(case_id: int) -> Case:
    return Case.objects.select_related("definition", "organisation").get(id=case_id)


def _tell(case: Case, kind: str, subject: str, text: str) -> None:
    if case.applicant_id is None:
        _mail(case, subject % {"code": case.code}, text)
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


def _mail(case: Case, subject: str, text: str) -> None:
    """Write to who left an address and has no account. A node without a mail server writes nobody."""
    if not (case.email and settings.EMAIL_HOST):
        return
    body = _(
        "Kính gửi %(name)s,\n\n%(title)s, nộp tại %(office)s.\n%(text)s\n\n"
        "Mã hồ sơ: %(code)s. Xin giữ mã này: cùng với ngày sinh của học sinh, mã mở trang theo dõi hồ sơ"
        " (mục “Theo dõi hồ sơ” trên trang chủ) mà không cần tài khoản.\n\n"
        "Nếu quý vị không nộp hồ sơ này, xin bỏ qua thư."
    ) % {
        "name": case.applicant_name, "title": version(case.definition.public_id).title,
        "office": case.organisation.name, "text": text, "code": case.code,
    }  # fmt: skip
    send_mail(subject, body, None, [case.email])


def apologise_for_late_cases() -> int:
    """Apologise where an office let a day pass and has not done so itself. Returns for how many cases.

    The new day is as many working days away as the procedure takes from the beginning.
    source  domain §5.1: late must apologise, once, with a new date
    """
    count = 0
    with scope.of_organisation(None):
        late = queries.late_cases(None, clock.today()).select_related("definition").order_by("id")
        for case in late.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]:
            actions.apologise(
                actor=SYSTEM,
                case=case,
                promised_on=queries.new_day_for(case, clock.today()),
                reason=_("Hồ sơ đã quá ngày hẹn trả."),
                at=clock.now(),
            )
            count += 1
    return count


def forget_unsent_files() -> int:
    """Forget what was uploaded and never sent with a case. Returns how many files."""
    count = 0
    while True:
        with scope.of(SYSTEM):
            gone = actions.forget_unsent_files(actor=SYSTEM, at=clock.now())
        count += gone
        if not gone:
            return count


def forget_knocks() -> int:
    """Forget tries that are long over."""
    with scope.of_organisation(None):
        gone, _kinds = Knock.objects.filter(last_at__lt=clock.now() - timedelta(days=1)).delete()
    return gone
