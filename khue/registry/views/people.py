"""People: the list, one file, recording and correcting."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, labels, queries
from khue.registry.access import Permission
from khue.registry.extensions import Whom, person_facts, person_links
from khue.registry.forms import NewPersonForm, PersonForm, as_typed
from khue.registry.models import Affiliation, Organisation, Person
from khue.registry.views.asked import asked


@require_safe
def people(request: Request) -> HttpResponse:
    """Staff find anybody of their organisations by name or number."""
    require(request.actor, Permission.PERSON_READ, within=None)
    given = asked(request, "q", "kind", "after")
    found = queries.people_named(request.actor, text=given["q"], kind=given["kind"], after=given["after"])
    following = urlencode({**given, "after": found.next_cursor}) if found.next_cursor else ""
    context = {
        "asked": given,
        "rows": found.rows,
        "duties": queries.duties_of(request.actor, found.rows),
        "next": f"?{following}" if following else "",
        "is_partial": found.is_partial,
        "are_elsewhere": any(row.organisation != request.actor.place for row in found.rows),
        "kinds": [("", _("Tất cả")), *labels.KINDS.items()],
        "kind_names": {kind: str(name) for kind, name in labels.KINDS.items()},
        "sexes": {sex: str(name) for sex, name in labels.SEXES.items()},
        "may_record": request.actor.may(Permission.PERSON_WRITE),
    }
    return page(request, "registry/people.html", context, fragment="content")


@require_http_methods(["GET", "HEAD", "POST"])
def record_person(request: Request) -> HttpResponse:
    """Open the file of somebody who is in no list yet. What looks doubtful is shown first, and may be passed."""
    require(request.actor, Permission.PERSON_WRITE, within=None)
    places = _recording_places(request)
    form = NewPersonForm(
        request.POST or None,
        places=places,
        initial=asked(request, "kind", "child", "place", "full_name", "phone", "national_id"),
    )
    doubts = queries.Doubts()
    if form.is_valid():
        doubts = queries.doubts_about(request.actor, form.organisation, form.details)
        if doubts.are_passed_by(form.cleaned_data["passed"]):
            with refusals_on(form):
                made = actions.record_person(
                    actor=request.actor,
                    organisation=form.organisation,
                    kind=form.cleaned_data["kind"],
                    details=form.details,
                    on=form.cleaned_data["on"],
                )
                return _after_recording(form, made)
    context = {"form": form, "doubts": doubts}
    return page(request, "registry/record_person.html", context, status=422 if form.is_bound else 200)


def _recording_places(request: Request) -> list[Organisation]:
    """Where the actor works; before them the body below that the address names, as its page links here."""
    places = queries.working_places(request.actor, Permission.PERSON_WRITE)
    try:
        named = queries.organisation_of(UUID(request.GET.get("place", "")))
    except (ValueError, NotFound):
        return places
    is_below = named not in places and request.actor.may(Permission.PERSON_WRITE, named.id)
    return [named, *places] if is_below else places


def _after_recording(form: NewPersonForm, made: Person) -> HttpResponse:
    """The new file; for a guardian who was recorded for a child, what the guardian is to that child."""
    child = form.cleaned_data["child"]
    if child:
        return see_other("registry:appoint_guardian", child, made.public_id)
    said = _("Đã lập hồ sơ.")
    if form.cleaned_data["kind"] == Affiliation.Kind.STAFF:
        said = _("Đã lập hồ sơ. Bấm “Tài khoản” để người này vào được hệ thống.")
    return flash.say(see_other("registry:person", made.public_id), said)


@require_safe
def person(request: Request, public_id: UUID) -> HttpResponse:
    """One person's file, as much of it as the reader may see."""
    card = queries.person_card(request.actor, queries.person_of(request.actor, public_id))
    whom = Whom(card.person.id, card.person.public_id, card.person.organisation_id)
    context = {
        "card": card,
        "person": card.person,
        "kind_names": labels.KINDS,
        "sexes": labels.SEXES,
        "relationships": labels.RELATIONSHIPS,
        "papers": labels.PAPERS,
        "may_appoint": card.may_change_guardians and any(row.kind == "pupil" for row in card.affiliations),
        "links": [link for link in person_links if request.actor.may(link.permission, card.person)],
        "facts": sorted(
            (one for facts in person_facts for one in facts(request.actor, whom)), key=lambda one: one.order
        ),
        "verbs": labels.FILE_VERBS,
        "fields": labels.FIELDS,
        "shown": labels.shown,
    }
    return page(request, "registry/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_person(request: Request, public_id: UUID) -> HttpResponse:
    """Correct what a person's file says. What newly looks doubtful is shown first, and may be passed."""
    person = queries.person_of(request.actor, public_id)
    require(request.actor, Permission.PERSON_WRITE, within=person)
    form = PersonForm(request.POST or None, initial=as_typed(person))
    doubts = queries.Doubts()
    if form.is_valid():
        doubts = queries.doubts_about(request.actor, person.organisation, form.details, known=person)
        if doubts.are_passed_by(form.cleaned_data["passed"]):
            with refusals_on(form):
                actions.correct_person(
                    actor=request.actor, person=person, details=form.details, reason=form.cleaned_data["reason"]
                )
                return flash.say(see_other("registry:person", public_id), _("Đã lưu hồ sơ."))
    context = {"person": person, "form": form, "doubts": doubts}
    return page(request, "registry/correct_person.html", context, status=422 if form.is_bound else 200)
