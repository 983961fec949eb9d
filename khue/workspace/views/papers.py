"""Documents as files: their scans and annexes, Word and PDF, and the register on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import flash, media, paper, prints, uploads
from khue.foundation.clock import now, today
from khue.foundation.errors import Forbidden, NotFound, refusals_on
from khue.foundation.page import see_other
from khue.foundation.request import Request
from khue.foundation.text import fold
from khue.workspace import actions, queries
from khue.workspace.access import Permission
from khue.workspace.models import Document
from khue.workspace.official.layout import Layout
from khue.workspace.prints import REGISTER, TITLES
from khue.workspace.refusals import NoFile
from khue.workspace.views.attaching import attaching
from khue.workspace.views.documents import show_document
from khue.workspace.views.offices import office_of


@require_safe
def as_pdf(request: Request, public_id: UUID) -> HttpResponse:
    """An outgoing document as it is put on paper: Decree 30/2020/NĐ-CP, annex I."""
    return pdf_answer(queries.layout_of(_outgoing(request, public_id)))


@require_safe
def as_word(request: Request, public_id: UUID) -> HttpResponse:
    """The same, to be changed in Word."""
    return word_answer(queries.layout_of(_outgoing(request, public_id)))


def pdf_answer(layout: Layout) -> HttpResponse:
    """A layout as PDF, shown in the browser."""
    return paper.answer("workspace/official.html", {"paper": layout}, name=file_name(layout))


def word_answer(layout: Layout) -> HttpResponse:
    """A layout as a Word file to keep."""
    from khue.workspace.official.word import word  # here, because python-docx takes 20 MB few processes need

    answer = HttpResponse(word(layout), content_type=media.DOCX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(layout)}.docx"'
    return answer


def file_name(layout: Layout) -> str:
    """ "07-kh-thcskd": letters every computer can write."""
    return slugify(fold(layout.name.replace("/", "-"))) or "van-ban"


def _outgoing(request: Request, public_id: UUID) -> Document:
    found = queries.document_of(request.actor, public_id)
    if found.way != Document.Way.OUT:
        raise NotFound
    return found


@require_POST
def attach(request: Request, public_id: UUID) -> HttpResponse:
    """Put a file to a document."""
    found, at = queries.document_of(request.actor, public_id), now()
    form = attaching(request.actor, found, request.POST, request.FILES)
    if form is None:
        raise Forbidden
    if form.is_valid():
        with refusals_on(form):
            file = uploads.received(
                actor=request.actor, request=request, field="file", purpose=queries.PURPOSE,
                organisation_id=found.organisation_id, at=at,
            )  # fmt: skip
            if file is None:
                raise NoFile
            actions.attach(actor=request.actor, document=found, part=form.cleaned_data["part"], file=file, at=at)
            return flash.say(see_other("workspace:document", public_id), _("Đã thêm tệp."))
    return show_document(request, found, attached=form)


@require_POST
def detach(request: Request, public_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Take a file away that does not belong there."""
    found = queries.document_of(request.actor, public_id)
    actions.detach(actor=request.actor, attachment=queries.attachment_of(found, attachment_id), at=now())
    return flash.say(see_other("workspace:document", public_id), _("Đã gỡ tệp."))


@require_POST
def register(request: Request) -> HttpResponse:
    """Have the register of a year printed, to be bound."""
    office = office_of(request, Permission.REGISTER_WRITE)
    way = "out" if request.GET.get("way") == "out" else "in"
    year = _year(request.GET.get("year", ""))
    job = prints.ask(
        actor=request.actor, kind=REGISTER, about=f"{TITLES[way]} {year}", organisation_id=office.id, at=now(),
        arguments={"office": office.id, "way": way, "year": year},
    )  # fmt: skip
    return see_other("foundation:job", job.public_id)


def _year(text: str) -> int:
    year = int(text) if text.isdecimal() and len(text) == 4 else today().year
    return year if 2000 <= year < 2100 else today().year
