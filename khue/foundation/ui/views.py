"""The doors of the interface itself: which language it speaks, and the catalogue of its parts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from khue.foundation.middleware import LANGUAGE_COOKIE
from khue.foundation.page import page
from khue.foundation.ui import catalogue

YEAR = 365 * 24 * 3600


# A stranger's page that sets this preference gains nothing, and pages for anonymous visitors need no cookie.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on and go back to the page it was chosen on."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    response.status_code = 303
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax")
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return page(request, "ui/catalogue.html", catalogue.content())
