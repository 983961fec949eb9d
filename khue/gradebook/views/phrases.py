"""The comment bank: sentences a teacher uses again."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.gradebook import actions, queries
from khue.gradebook.access import Permission
from khue.gradebook.forms import PhraseForm


def phrases(request: Request) -> HttpResponse:
    """The actor's own sentences, and a form for one more."""
    form = PhraseForm(request.POST or None)
    places = sorted(request.actor.organisations(Permission.MARK_READ) or ())
    if not places:
        raise NotFound
    if form.is_valid():
        with refusals_on(form):
            actions.keep_phrase(actor=request.actor, organisation_id=places[0], text=form.cleaned_data["text"])
            return see_other("gradebook:phrases")
    return page(request, "gradebook/phrases.html", {"phrases": queries.own_phrases(request.actor), "form": form})


@require_POST
def remove(request: Request, phrase_id: UUID) -> HttpResponse:
    """Forget a sentence."""
    actions.remove_phrase(actor=request.actor, phrase=queries.phrase_of(request.actor, phrase_id))
    return see_other("gradebook:phrases")
