"""Official forms as PDF: a pupil's notice at once, those of a class by the worker."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import clock, paper, prints
from khue.foundation.errors import NotFound
from khue.foundation.page import see_other
from khue.foundation.request import Request
from khue.gradebook import queries
from khue.gradebook.access import Permission
from khue.gradebook.primary_items import END_OF_YEAR
from khue.gradebook.prints import ALL_CLASSES, ALL_NOTICES, BOOK, CLASS, NOTICES, notices_of, period_name
from khue.schools import queries as schools


@require_POST
def book_paper(request: Request, book_id: UUID) -> HttpResponse:
    """Have the book of one class-subject in one term printed."""
    found = queries.book_of(request.actor, book_id)
    of = found.class_subject
    return _asked(
        request, BOOK, f"{of.subject.name} {of.school_class.name}", found.organisation_id, {"book": str(book_id)}
    )


@require_POST
def class_paper(request: Request, class_id: UUID) -> HttpResponse:
    """Have the sheet of a class printed, for a term, the year or, in primary, one of the four moments."""
    found = queries.result_class_of(request.actor, class_id)
    typed = request.GET.get("moment", "")
    moment = int(typed) if typed in {"1", "2", "3", "4"} else END_OF_YEAR
    return _asked(
        request, CLASS, found.name, found.organisation_id,
        {"class": str(class_id), "period": _period(request), "moment": moment},
    )  # fmt: skip


@require_safe
def notice_paper(request: Request, enrolment_id: UUID) -> HttpResponse:
    """Phiếu báo kết quả of one pupil, on A4: for the family and the school. One page, so at once."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    pupils = [queries.member_of(enrolment)]
    with translation.override("vi"):  # forms speak Vietnamese, whatever language their reader chose for pages
        sheet = notices_of(enrolment.school_class, pupils, enrolment.person.full_name, _period(request))
        return paper.answer(sheet.template, sheet.context, name=sheet.name)


@require_POST
def notices_paper(request: Request, class_id: UUID) -> HttpResponse:
    """Have the notices of a whole class printed."""
    found, period = queries.result_class_of(request.actor, class_id), _period(request)
    about = found.name if queries.is_primary(found) else f"{found.name}, {period_name(period)}"
    return _asked(request, NOTICES, about, found.organisation_id, {"class": str(class_id), "period": period})


@require_POST
def school_paper(request: Request) -> HttpResponse:
    """Have a form of every class printed: one ZIP with a PDF for each."""
    found, period = queries.result_classes(request.actor, clock.today()), _period(request)
    if not found or not request.actor.may(Permission.YEAR_DECIDE, found[0]):
        raise NotFound
    kind = ALL_NOTICES if request.POST.get("form") == "notices" else ALL_CLASSES
    place = found[0].organisation_id
    return _asked(request, kind, period_name(period), place, {"organisation": place, "period": period})


def _asked(request: Request, kind: str, about: str, organisation_id: int, arguments: prints.Arguments) -> HttpResponse:
    job = prints.ask(
        actor=request.actor, kind=kind, about=about, organisation_id=organisation_id, arguments=arguments,
        at=clock.now(),
    )  # fmt: skip
    return see_other("foundation:job", job.public_id)


def _period(request: Request) -> int:
    """1 or 2 for a term, 0 for the year."""
    return {"1": 1, "2": 2}.get(request.GET.get("period", ""), 0)
