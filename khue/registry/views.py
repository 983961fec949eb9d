"""Pages of the registry: school directory, organisations, people."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, labels, queries
from khue.registry.access import Permission
from khue.registry.forms import CourtDecisionForm, PersonForm, RightsForm


@require_safe
def directory(request: Request) -> HttpResponse:
    """Schools anybody may look up."""
    asked = _asked(request, "q", "province", "level", "after")
    found = queries.directory(
        text=asked["q"], province=asked["province"], level_group=asked["level"], after=asked["after"]
    )
    following = urlencode({**asked, "after": found.next_cursor}) if found.next_cursor else ""
    provinces = [("", _("Mọi tỉnh, thành phố")), *((each.code, each.name) for each in queries.provinces())]
    context = {
        "asked": asked,
        "entries": found.entries,
        "next": f"?{following}" if following else "",
        "provinces": provinces,
        "levels": [("", _("Mọi cấp học")), *labels.LEVEL_GROUPS.items()],
        "level_names": labels.level_names,
    }
    return page(request, "registry/directory.html", context, fragment="content")


@require_safe
def organisation(request: Request, public_id: UUID) -> HttpResponse:
    """One body of the education system: who manages it and what stands under it."""
    card = queries.organisation_card(queries.organisation_of(public_id))
    context = {
        "card": card,
        "kinds": labels.ORGANISATION_KINDS,
        "level_names": labels.level_names(tuple(filter(None, card.organisation.level_groups.split(",")))),
        "ownership": labels.OWNERSHIPS[card.organisation.ownership],
    }
    return page(request, "registry/organisation.html", context)


@require_safe
def people(request: Request) -> HttpResponse:
    """Staff find anybody of their organisations by name or number."""
    require(request.actor, Permission.PERSON_READ, within=None)
    asked = _asked(request, "q", "kind", "after")
    found = queries.people_named(request.actor, text=asked["q"], kind=asked["kind"], after=asked["after"])
    following = urlencode({**asked, "after": found.next_cursor}) if found.next_cursor else ""
    context = {
        "asked": asked,
        "rows": found.rows,
        "next": f"?{following}" if following else "",
        "kinds": [("", _("Tất cả")), *labels.KINDS.items()],
        "kind_names": labels.KINDS,
        "sexes": labels.SEXES,
    }
    return page(request, "registry/people.html", context, fragment="content")


@require_safe
def person(request: Request, public_id: UUID) -> HttpResponse:
    """One person's file, as much of it as the reader may see."""
    card = queries.person_card(request.actor, queries.person_of(request.actor, public_id))
    context = {
        "card": card,
        "person": card.person,
        "kind_names": labels.KINDS,
        "sexes": labels.SEXES,
        "relationships": labels.RELATIONSHIPS,
    }
    return page(request, "registry/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_person(request: Request, public_id: UUID) -> HttpResponse:
    """Correct what a person's file says."""
    person = queries.person_of(request.actor, public_id)
    require(request.actor, Permission.PERSON_WRITE, within=person)
    form = PersonForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.correct_person(
                actor=request.actor, person=person, details=form.details, reason=form.cleaned_data["reason"]
            )
            return flash.say(see_other("registry:person", public_id), _("Đã lưu hồ sơ."))
    status = 422 if form.errors else 200
    return page(request, "registry/correct_person.html", {"person": person, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def guardianship(request: Request, guardianship_id: int) -> HttpResponse:
    """What a guardian receives and decides for a child."""
    row = queries.guardianship_of(request.actor, guardianship_id)
    form = RightsForm(
        request.POST or None, initial={"receives_messages": row.receives_messages, "may_decide": row.may_decide}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_guardian_rights(actor=request.actor, guardianship=row, **form.cleaned_data)
            return flash.say(see_other("registry:person", row.child.public_id), _("Đã lưu quyền của người giám hộ."))
    context = {"row": row, "form": form, "court": CourtDecisionForm(), "relationships": labels.RELATIONSHIPS}
    return page(request, "registry/guardianship.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def bar_guardian(request: Request, guardianship_id: int) -> HttpResponse:
    """Bar a guardian from a child by a court's decision."""
    return _court(request, guardianship_id, bars=True)


@require_http_methods(["POST"])
def lift_bar(request: Request, guardianship_id: int) -> HttpResponse:
    """Lift a court's bar."""
    return _court(request, guardianship_id, bars=False)


def _court(request: Request, guardianship_id: int, *, bars: bool) -> HttpResponse:
    row = queries.guardianship_of(request.actor, guardianship_id)
    court = CourtDecisionForm(request.POST)
    if court.is_valid():
        act = actions.bar_guardian if bars else actions.lift_bar
        act(actor=request.actor, guardianship=row, court_decision=court.cleaned_data["court_decision"])
        return flash.say(see_other("registry:guardianship", row.id), _("Đã ghi quyết định của toà án."))
    rights = RightsForm(initial={"receives_messages": row.receives_messages, "may_decide": row.may_decide})
    context = {"row": row, "form": rights, "court": court, "relationships": labels.RELATIONSHIPS}
    return page(request, "registry/guardianship.html", context, status=422)


def _asked(request: Request, *names: str) -> dict[str, str]:
    """Parameters of the address, short and without the one character that no column holds."""
    return {name: request.GET.get(name, "")[:300].replace("\x00", "") for name in names}
