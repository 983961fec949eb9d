"""One search over the desk."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from khue.foundation.actor import require
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.workspace import labels, queries
from khue.workspace.access import Permission
from khue.workspace.views.tabs import tabs


@require_safe
def search(request: Request) -> HttpResponse:
    """Documents, tasks, minutes and files by words, without tone marks."""
    require(request.actor, Permission.WORK, within=None)
    text = request.GET.get("q", "")
    context = {
        "text": text,
        "found": queries.search(request.actor, text),
        "states": labels.STATES,
        "tones": labels.TONES,
        "tabs": tabs("search"),
    }
    return page(request, "workspace/search.html", context)
