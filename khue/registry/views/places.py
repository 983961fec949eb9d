"""The school directory and the pages of organisations."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khue.foundation.page import for_everybody, page
from khue.foundation.request import Request
from khue.registry import labels, queries
from khue.registry.models import Organisation
from khue.registry.views.asked import asked


@require_safe
def directory(request: Request) -> HttpResponse:
    """Schools anybody may look up."""
    given = asked(request, "q", "province", "level", "after")
    found = queries.directory(
        text=given["q"], province=given["province"], level_group=given["level"], after=given["after"]
    )
    following = urlencode({**given, "after": found.next_cursor}) if found.next_cursor else ""
    provinces = [("", _("Mọi tỉnh, thành phố")), *queries.province_choices()]
    context = {
        "asked": given,
        "entries": found.entries,
        "next": f"?{following}" if following else "",
        "provinces": provinces,
        "levels": [("", _("Mọi cấp học")), *labels.LEVEL_GROUPS.items()],
        "level_names": labels.level_names,
    }
    return for_everybody(page(request, "registry/directory.html", context, fragment="content"), request)


@require_safe
def organisation(request: Request, public_id: UUID) -> HttpResponse:
    """One body of the education system: who manages it and what stands under it."""
    body = queries.organisation_of(public_id)
    card = queries.organisation_card(body)
    may_manage = queries.may_manage(request.actor, body)
    context = {
        "card": card,
        "kinds": labels.ORGANISATION_KINDS,
        "level_names": labels.level_names(tuple(filter(None, card.organisation.level_groups.split(",")))),
        "may_manage": may_manage,
        "is_unstaffed": may_manage and body.kind != Organisation.Kind.CAMPUS and not queries.colleagues(body.id),
        "managements": queries.managements_of(body),
        "successions": queries.successions_of(body),
        "former_codes": queries.former_codes_of(body),
        "ownership": labels.OWNERSHIPS[card.organisation.ownership],
    }
    return for_everybody(page(request, "registry/organisation.html", context), request)
