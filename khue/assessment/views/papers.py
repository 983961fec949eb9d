"""Pages on which a Word paper is read, looked at and taken over."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khue.assessment import actions, queries
from khue.assessment.access import Permission
from khue.assessment.content import shown
from khue.assessment.forms import MOST_CHOICES, DraftForm, PaperForm
from khue.assessment.models import PaperItem
from khue.assessment.problem_texts import text_of
from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request

#: A file up to here is read in well under a second, so that its questions are there at once.
READ_IN_REQUEST_BYTES = 2 * 1024 * 1024


def papers(request: Request) -> HttpResponse:
    """Read a further paper; papers that still wait for someone to look at them."""
    require(request.actor, Permission.BANK_WRITE, within=None)
    shelves = queries.shelves_of(request.actor)
    is_sent = request.method == "POST"
    form = PaperForm(request.POST if is_sent else None, request.FILES if is_sent else None, shelves=shelves)
    if form.is_valid():
        shelf, file = form.chosen, form.cleaned_data["file"]
        with refusals_on(form):
            if file.size > READ_IN_REQUEST_BYTES:
                job = actions.queue_paper(
                    actor=request.actor, organisation=shelf.organisation, subject=shelf.subject, grade=shelf.grade,
                    name=file.name, stream=file.file, at=now(),
                )  # fmt: skip
                return see_other("foundation:job", job.public_id)
            paper = actions.import_paper(
                actor=request.actor, organisation=shelf.organisation, subject=shelf.subject, grade=shelf.grade,
                name=file.name, data=file.read(), at=now(),
            )  # fmt: skip
            return see_other("assessment:paper", paper.public_id)
    waiting = queries.visible_papers(request.actor).filter(state="reviewing")[:20]
    return page(request, "assessment/papers.html", {"form": form, "has_shelves": bool(shelves), "papers": waiting})


def paper(request: Request, public_id: UUID) -> HttpResponse:
    """Every question of the paper with its problems; take over all that can be used, some, or none."""
    row = queries.paper_of(request.actor, public_id)
    items = queries.items_of(row)
    context = {
        "paper": row,
        "items": [_shown(item) for item in items],
        "usable": sum(item.is_usable and item.question_id is None for item in items),
        "blocked": sum(not item.is_usable for item in items),
        "taken": sum(item.question_id is not None for item in items),
    }
    return page(request, "assessment/paper.html", context)


@require_POST
def accept(request: Request, public_id: UUID) -> HttpResponse:
    """Take over all usable questions, or those that are ticked."""
    row = queries.paper_of(request.actor, public_id)
    items = queries.items_of(row)
    ticked = set(request.POST.getlist("item"))
    if request.POST.get("which") == "ticked":
        chosen = [item for item in items if str(item.public_id) in ticked]
    else:
        chosen = [item for item in items if item.is_usable]
    taken = actions.accept_items(actor=request.actor, paper=row, items=chosen, at=now())
    text = ngettext("Đã đưa %(count)s câu hỏi vào ngân hàng.", "Đã đưa %(count)s câu hỏi vào ngân hàng.", taken)
    return flash.say(see_other("assessment:paper", row.public_id), text % {"count": taken})


@require_POST
def make_test(request: Request, public_id: UUID) -> HttpResponse:
    """A test of what was taken over, ready to be set to a class."""
    row = queries.paper_of(request.actor, public_id)
    made = actions.make_test_of_paper(actor=request.actor, paper=row, at=now())
    said = _("Đã tạo đề, 10 điểm chia đều cho các câu. Thầy/Cô xem lại rồi giao cho lớp.")
    return flash.say(see_other("assessment:test", made.public_id), said)


@require_POST
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    """Forget the paper."""
    row = queries.paper_of(request.actor, public_id)
    actions.cancel_paper(actor=request.actor, paper=row)
    return flash.say(see_other("assessment:papers"), _("Đã bỏ tệp này. Không giữ lại gì."), tone="info")


def item(request: Request, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Correct what was read of one question."""
    row = queries.paper_of(request.actor, public_id)
    found = next((one for one in queries.items_of(row) if one.public_id == item_id), None)
    if found is None:
        raise NotFound
    initial = {"stem": found.stem, "explanation": found.explanation}
    form = DraftForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.mend_item(actor=request.actor, item=found, draft=form.draft(request.POST.getlist("choice")))
        response = see_other("assessment:paper", row.public_id)
        response["Location"] += f"#q{found.order}"
        return response
    typed = request.POST.getlist("choice") or list(found.choices)
    context = {
        "paper": row,
        "item": _shown(found),
        "form": form,
        "typed": [*typed, *[""] * max(MOST_CHOICES - 2 - len(typed), 0)],
        "key": request.POST.get("key") or found.key or "",
    }
    return page(request, "assessment/paper_item.html", context)


def _shown(item: PaperItem) -> dict[str, object]:
    return {
        "public_id": item.public_id,
        "order": item.order,
        "number": item.number,
        "stem": shown(item.stem),
        "choices": [(chr(64 + place), shown(text), place == item.key) for place, text in enumerate(item.choices, 1)],
        "explanation": shown(item.explanation),
        "problems": [text_of(code, detail) for code, detail in item.problems],
        "is_usable": item.is_usable,
        "is_taken": item.question_id is not None,
    }
