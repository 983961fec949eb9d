"""Long documents on paper: asked for on a page, printed by the worker, kept for a week for whoever asked.

    prints.define("gradebook.print_class", _("In bảng tổng hợp kết quả"), class_sheet)         # in the room's wiring
    job = prints.ask(actor=actor, kind="gradebook.print_class", about="6A1", organisation_id=7, arguments=..., at=now())

`class_sheet(actor, arguments)` reads with the rights the actor has when the worker comes to it, raises NotFound as a
page would, and returns a Sheet. A page or two are printed where they are asked for: `paper.answer`. Decision 0242.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZipFile

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from khue.foundation import clock, files, jobs, paper, scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.models import Job, StoredFile
from khue.foundation.work import Work

PRINTED = "foundation.printed"
KEPT = timedelta(days=7)
#: Files forgotten at one turn of the clock.
AT_ONCE = 500

Arguments = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be printed.

    template, context  of the form, which extends foundation/paper.html
    name               of the file, without ".pdf"
    count              of what it is about, for the progress: pupils, lessons, documents
    """

    template: str
    context: Mapping[str, object]
    name: str
    count: int


def define(kind: str, title: str | Promise, made: Callable[[Actor, Arguments], Sheet]) -> None:
    """Make a printed form known. Stands in the room's wiring."""
    _forms[kind] = made
    jobs.define(kind, title, partial(_print, kind))


def define_set(
    kind: str,
    title: str | Promise,
    parts: Callable[[Actor, Arguments], Sequence[Arguments]],
    made: Callable[[Actor, Arguments], Sheet],
) -> None:
    """Make a set of printed forms known, one PDF for each part, all in one ZIP: the forms of every class of a school.

    parts  the arguments of each part, in order; `made` fills its form as for `define`
    """
    jobs.define(kind, title, partial(_print_set, parts, made))


_forms: dict[str, Callable[[Actor, Arguments], Sheet]] = {}


@transaction.atomic
def ask(*, actor: Actor, kind: str, about: str, organisation_id: int, arguments: Arguments, at: datetime) -> Job:
    """Ask the worker to print. While the same is being printed for the same person, it is that job again.

    Called where a query has already said what the actor may see; it is asked again when the form is filled.
    about  which class or week, added to the name of the job
    """
    standing = Job.objects.filter(
        account_id=actor.account_id, kind=kind, arguments=dict(arguments),
        state__in=(Job.State.WAITING, Job.State.RUNNING), cancel_asked_at=None,
    )  # fmt: skip
    title = f"{jobs.kind_of(kind).title}: {about}"
    return standing.order_by("-id").first() or jobs.start(
        actor=actor, kind=kind, organisation_id=organisation_id, arguments=arguments, at=at, title=title
    )


def _print(kind: str, work: Work) -> None:
    # Forms speak Vietnamese, whatever language their reader chose for pages.
    with work.step(), translation.override("vi"):
        sheet = _forms[kind](work.actor, work.arguments)
        document = paper.html(sheet.template, sheet.context)
    work.progress(done=0, total=sheet.count)
    printed = paper.pdf(document)
    with work.step():
        file = files.store(
            actor=work.actor, stream=BytesIO(printed), name=f"{sheet.name}.pdf", purpose=PRINTED,
            organisation_id=work.job.organisation_id, at=clock.now(),
        )  # fmt: skip
    work.progress(done=sheet.count, total=sheet.count)
    said = _("Đã in xong. Tệp được giữ đến hết ngày %(day)s, chỉ Thầy/Cô mở được.")
    work.finish(summary=said % {"day": f"{clock.today() + KEPT:%d/%m/%Y}"}, report_file=file)


def _print_set(
    parts: Callable[[Actor, Arguments], Sequence[Arguments]], made: Callable[[Actor, Arguments], Sheet], work: Work
) -> None:
    with work.step():
        found = parts(work.actor, work.arguments)
    work.progress(done=0, total=len(found))
    with TemporaryFile() as stream:
        with ZipFile(stream, "w") as pack:  # PDF is compressed already
            for number, part in enumerate(found, start=1):
                with work.step(), translation.override("vi"):
                    sheet = made(work.actor, part)
                    document = paper.html(sheet.template, sheet.context)
                pack.writestr(f"{number:02} {sheet.name}.pdf", paper.pdf(document))
                work.progress(done=number, total=len(found))
        stream.seek(0)
        with work.step():
            file = files.store(
                actor=work.actor, stream=stream, name=f"{work.job.title.replace('/', '-')}.zip", purpose=PRINTED,
                organisation_id=work.job.organisation_id, at=clock.now(),
            )  # fmt: skip
    said = _("Đã in %(count)s tệp PDF. Tệp nén được giữ đến hết ngày %(day)s, chỉ Thầy/Cô mở được.")
    values = {"count": len(found), "day": f"{clock.today() + KEPT:%d/%m/%Y}"}
    work.finish(summary=said % values, report_file=file)


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Only whoever asked for it, and only while it is kept: a colleague prints with rights of their own."""
    is_own = actor.account_id is not None and file.stored_by_id == actor.account_id
    return is_own and clock.now() < file.stored_at + KEPT + timedelta(days=1)


def forget(at: datetime) -> int:
    """Forget what was printed more than a week ago; its job stays in the list. Returns how many files."""
    with scope.of_organisation(None):
        old = list(StoredFile.objects.filter(purpose=PRINTED, stored_at__lt=at - KEPT - timedelta(days=1))[:AT_ONCE])
        if old:
            Job.objects.filter(report_file__in=old).update(report_file=None)
            files.remove(actor=SYSTEM, files=old)
        return len(old)
