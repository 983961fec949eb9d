"""The jobs of the schools room, and what families hear of money: payments stands beside messaging and knows it not."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.foundation.work import Work
from khue.messaging import actions as messaging
from khue.messaging.actions import Addressed, Note
from khue.payments import queries as payments
from khue.payments.events import FamiliesReminded, InvoicesIssued, ReceiptsGiven
from khue.payments.queries import AskedFamily, ReceiptTold
from khue.registry import queries as registry
from khue.schools import actions, queries


def import_roster(work: Work) -> None:
    """Apply one roster in one transaction, then say what became of it and give back the file with its mistakes."""
    with work.step():
        roster_import = queries.roster_import_numbered(work.actor, work.arguments["roster_import"])
        done = actions.apply_roster(
            actor=work.actor,
            roster_import=roster_import,
            at=clock.now(),
            progress=lambda rows, total: work.progress(done=rows, total=total),
        )
    said = []
    if done.new or done.changed or done.unchanged or done.wrong or not done.staff.total:
        said.append(
            _("Thêm %(new)s, cập nhật %(changed)s, giữ nguyên %(unchanged)s, chưa nhập %(wrong)s học sinh.")
            % {"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "wrong": done.wrong}
        )
    if done.staff.total:
        said.append(
            _("Cán bộ, giáo viên: thêm %(new)s, cập nhật %(changed)s, giữ nguyên %(unchanged)s, chưa nhập %(wrong)s.")
            % asdict(done.staff)
        )
    work.finish(
        summary=" ".join(said),
        report_file=done.report,
        result_url=reverse("schools:roster_import", args=[roster_import.public_id]),
    )


def give_seats(work: Work) -> None:
    """Give the seats of one admission, all in one transaction, and say how many."""
    with work.step():
        plan = queries.office_plan(work.actor, UUID(work.arguments["plan"]))
        seated = actions.give_seats(
            actor=work.actor, plan=plan, seed=work.arguments["seed"], at=clock.now(),
            progress=lambda done, total: work.progress(done=done, total=total),
        )  # fmt: skip
    work.finish(
        summary=_("Đã xếp %(count)s chỗ. Danh sách kết quả đã công bố.") % {"count": seated},
        result_url=reverse("schools:office_admission", args=[plan.public_id]),
    )


def place_admitted(work: Work) -> None:
    """Put the admitted of one plan into classes, all in one transaction, and say how many."""
    with work.step():
        plan = queries.office_plan(work.actor, UUID(work.arguments["plan"]))
        wanted = set(work.arguments["classes"])
        placed = actions.place_admitted(
            actor=work.actor, plan=plan, on=date.fromisoformat(work.arguments["on"]),
            classes=[each for each in queries.classes_to_fill(plan) if str(each.public_id) in wanted],
            progress=lambda done, total: work.progress(done=done, total=total),
        )  # fmt: skip
    work.finish(
        summary=_("Đã chia %(count)s em vào lớp.") % {"count": placed},
        result_url=reverse("schools:office_admission", args=[plan.public_id]),
    )


def tell_of_invoices(event: InvoicesIssued) -> None:
    """Tell the guardians of each family that there is something to pay, once an invoice; nothing of a cancelled one."""
    asked = payments.asked_families(event.invoice_ids)
    guardians = registry.guardians_to_tell([one.family_id for one in asked], clock.today())
    told = [Addressed(_asked(one), people) for one in asked if (people := guardians[one.family_id])]
    _tell(event, told)


def remind_of_invoices(event: FamiliesReminded) -> None:
    """Remind the guardians of each family of what it has not paid, once a day; nobody who has paid meanwhile."""
    asked = [one for one in payments.asked_families(event.invoice_ids) if one.paid < one.total]
    guardians = registry.guardians_to_tell([one.family_id for one in asked], clock.today())
    told = [Addressed(_reminder(one, event.on), people) for one in asked if (people := guardians[one.family_id])]
    _tell(event, told)


def tell_of_receipts(event: ReceiptsGiven) -> None:
    """Send the guardians of each family the receipt of what came: number, amount in figures and words, where it is."""
    given = payments.receipts_told(event.receipt_ids)
    guardians = registry.guardians_to_tell([one.family_id for one in given], clock.today())
    told = [Addressed(_receipt(one), people) for one in given if (people := guardians[one.family_id])]
    _tell(event, told)


def _tell(event: InvoicesIssued | FamiliesReminded | ReceiptsGiven, told: Sequence[Addressed]) -> None:
    if told:
        place = event.organisation_id or 0
        messaging.notify_each(actor=SYSTEM, organisation_id=place, told=told, at=clock.now())


def _asked(one: AskedFamily) -> Note:
    return _of_invoice(
        one, one.total, f"invoice:{one.invoice_id}",
        _("%(title)s: %(amount)s đồng, hạn %(day)s"),
        _(
            "Kính gửi Quý phụ huynh,\n\n%(school)s gửi phiếu “%(title)s”, số tiền %(amount)s đồng, hạn nộp %(day)s."
            " Phiếu ghi từng khoản, căn cứ thu và mã VietQR để chuyển khoản."
        ),
    )  # fmt: skip


def _reminder(one: AskedFamily, on: str) -> Note:
    return _of_invoice(
        one, one.total - one.paid, f"invoice:{one.invoice_id}:reminder:{on}",
        _("Nhắc: %(title)s còn %(amount)s đồng, hạn %(day)s"),
        _(
            "Kính gửi Quý phụ huynh,\n\n%(school)s xin nhắc phiếu “%(title)s” còn %(amount)s đồng, hạn nộp %(day)s."
            " Nếu gia đình vừa nộp, xin bỏ qua tin này. Nếu có khó khăn, xin trao đổi với nhà trường."
        ),
    )  # fmt: skip


def _of_invoice(one: AskedFamily, amount: int, key: str, subject: str, body: str) -> Note:
    values = {
        "title": one.title,
        "school": one.school,
        "amount": f"{amount:,}".replace(",", "."),
        "day": f"{one.due_on:%d/%m/%Y}",
    }
    return Note(
        kind="invoice",
        key=key,
        subject=subject % values,
        body=body % values,
        link=reverse("payments:invoice", args=[one.public_id]),
        about_id=one.family_id,
    )


def _receipt(one: ReceiptTold) -> Note:
    values = {
        "school": one.school,
        "number": f"{one.number:07}",
        "year": one.year,
        "amount": f"{one.amount:,}".replace(",", "."),
        "words": one.words,
        "about": one.about or _("nộp trước, chuyển sang kỳ sau"),
        "day": f"{one.on:%d/%m/%Y}",
    }
    return Note(
        kind="receipt",
        key=f"receipt:{one.receipt_id}",
        subject=_("%(school)s đã nhận %(amount)s đồng, biên lai số %(number)s") % values,
        body=_(
            "Kính gửi Quý phụ huynh,\n\n%(school)s đã nhận %(amount)s đồng (%(words)s) ngày %(day)s.\n"
            "Nội dung: %(about)s.\nBiên lai số %(number)s năm %(year)s."
        )
        % values,
        link=reverse("payments:receipt", args=[one.public_id]),
        about_id=one.family_id,
    )
