"""The jobs of the schools room."""

from dataclasses import asdict

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation import clock
from khue.foundation.work import Work
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
    summary = _("Thêm %(new)s, cập nhật %(changed)s, giữ nguyên %(unchanged)s, chưa nhập %(wrong)s học sinh.") % {
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "wrong": done.wrong,
    }
    if done.staff.total:
        summary += " " + _(
            "Giáo viên, nhân viên: thêm %(new)s, cập nhật %(changed)s, giữ nguyên %(unchanged)s, chưa nhập %(wrong)s."
        ) % asdict(done.staff)
    work.finish(
        summary=summary,
        report_file=done.report,
        result_url=reverse("schools:roster_import", args=[roster_import.public_id]),
    )
