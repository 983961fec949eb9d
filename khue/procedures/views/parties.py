"""Who takes part in a filing: the office, the second one, the person it is about, and what is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from khue.foundation import scope
from khue.foundation.errors import NotFound
from khue.foundation.request import Request
from khue.procedures import queries
from khue.procedures.access import Permission
from khue.procedures.models import Definition
from khue.procedures.queries import Filled
from khue.procedures.sheets import Field
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person


@dataclass(frozen=True)
class Parties:
    """What is chosen by now. wanted: "subject", "office" or "partner" where something is still to be chosen.

    people   the actor's own children to choose from; somebody_else: the address for another child
    found    offices of the search; links: of each, the address that chooses it
    known    of the applicant and the subject, as the form begins
    """

    definition: Definition
    office: Organisation | None
    partner: Organisation | None
    subject: Person | None
    by_officer: bool
    wanted: str
    people: Sequence[tuple[str, str]]
    somebody_else: str
    found: Sequence[tuple[str, str, str]]
    asked_for: str
    chosen: Mapping[str, str]
    asked: Sequence[Field]
    stated: Sequence[Filled]
    known: Mapping[str, Any]

    @property
    def has_more(self) -> bool:
        """There are more offices than are shown, one of which may be left out as the other party."""
        return len(self.found) >= queries.MOST_OFFICES - 1

    @property
    def are_complete(self) -> bool:
        return not self.wanted


def parties_of(request: Request, definition: Definition) -> Parties:
    """What the address says was chosen, and what is to be chosen next."""
    actor, given = request.actor, request.GET
    subject = _subject(request, given.get("subject", ""))
    office = definition.procedure.organisation or _organisation(given.get("office", ""))
    partner = _organisation(given.get("partner", ""))
    needs_partner = bool(queries.partner_wanted(definition))
    if needs_partner and partner is None and subject is not None:
        partner = queries.partner_of(subject)
    people = _people(request)
    by_officer = office is not None and actor.may(Permission.CASE_WORK, office.id)
    wanted = ""
    if people and subject is None and given.get("subject") != "none" and not by_officer:
        wanted = "subject"
    elif office is None or (needs_partner and office == partner):
        wanted, office = "office", None
    elif needs_partner and partner is None:
        wanted = "partner"
    beside = office if wanted == "partner" else partner if needs_partner else None
    chosen = _chosen(given, office, partner, subject)
    own = queries.partner_of(subject) if wanted == "office" and subject is not None and not needs_partner else None
    asked, stated = queries.asked_at_filing(definition, subject)
    return Parties(
        definition=definition, office=office, partner=partner if needs_partner else None, subject=subject,
        by_officer=by_officer, wanted=wanted, people=[*_links(people, "subject", chosen)],
        somebody_else=f"?{urlencode({**chosen, 'subject': 'none'})}",
        found=_offices(given.get("q", ""), definition, wanted, chosen, beside=beside, own=own),
        asked_for=given.get("q", "")[:100], chosen=chosen, asked=asked, stated=stated,
        known=_known(request, subject, by_officer),
    )  # fmt: skip


def _subject(request: Request, text: str) -> Person | None:
    """One of the actor's own: oneself, a child. Anything else is as if nothing was chosen."""
    return next((person for person in _own(request) if str(person.public_id) == text), None)


def _own(request: Request) -> list[Person]:
    actor = request.actor
    ids = {*actor.wards, *([actor.person_id] if actor.person_id and "pupil" in actor.roles else [])}
    return list(registry.visible_people(actor).filter(id__in=sorted(ids)).order_by("sort_key")) if ids else []


def _people(request: Request) -> list[tuple[str, str]]:
    return [(str(person.public_id), person.full_name) for person in _own(request)]


def _links(people: Sequence[tuple[str, str]], name: str, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"?{urlencode({**chosen, name: key})}", label) for key, label in people]


def _offices(
    text: str, definition: Definition, wanted: str, chosen: Mapping[str, str], *, beside: Organisation | None,
    own: Organisation | None,
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Offices to choose from. own: where the subject is now, which stands first while nothing is searched."""
    if wanted not in ("office", "partner"):
        return []
    kind = definition.procedure.office if wanted == "office" else (queries.partner_wanted(definition) or "")
    first = [own] if own is not None and own.kind == kind and not text else []
    others = [each for each in queries.offices(kind, text[:100], beside) if each != beside and each not in first]
    found = [(each, _("Nơi đang học")) for each in first]
    found += [(each, each.territory.full_name if each.territory else "") for each in others]
    return [(f"?{urlencode({**chosen, wanted: str(each.public_id)})}", each.name, note) for each, note in found]


def _organisation(text: str) -> Organisation | None:
    try:
        return registry.organisation_of(UUID(text))
    except (ValueError, NotFound):
        return None


def _chosen(
    given: Mapping[str, str], office: Organisation | None, partner: Organisation | None, subject: Person | None
) -> dict[str, str]:
    chosen = {
        "office": str(office.public_id) if office else "",
        "partner": str(partner.public_id) if partner else "",
        "subject": str(subject.public_id) if subject else given.get("subject", "")[:4],
    }
    return {name: value for name, value in chosen.items() if value}


def _known(request: Request, subject: Person | None, by_officer: bool) -> dict[str, Any]:
    """Of the applicant signed in and the child chosen: what the form need not ask."""
    actor = request.actor
    known: dict[str, Any] = {"subject": subject}
    if actor.person_id is None or by_officer:
        return known
    with scope.of(actor):
        me = registry.visible_people(actor).filter(id=actor.person_id).first()
    if me is not None:
        known |= {"applicant_name": me.full_name, "phone": me.phone, "email": me.email}
    return known
