"""What has been agreed to, by whom, and what is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.identity import extensions
from khue.identity.access import Permission, own_account
from khue.identity.consents import who_must_agree
from khue.identity.extensions import Purpose
from khue.identity.models import Consent
from khue.registry import queries as registry
from khue.registry.models import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose, as it stands for one person.

    mine      the actor's own yes, if it stands
    agreed    capacities in which somebody has said yes to the wording of today
    missing   capacities whose yes is still needed
    may_say   whether the actor's yes is among those that are needed
    """

    purpose: str
    title: str | Promise
    text: str | Promise
    version: str
    mine: Consent | None
    agreed: frozenset[Consent.Capacity]
    missing: frozenset[Consent.Capacity]
    may_say: bool

    @property
    def stands(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """One person whose data it is about - the actor, or a ward - and every purpose."""

    person: Person
    is_self: bool
    purposes: Sequence[Asked]


def consent_page(actor: Actor, *, on: date) -> list[PersonAsked]:
    """Everything the actor may decide, for itself and its wards. Four queries."""
    own_account(actor)
    wanted = _about(actor)
    people = list(registry.visible_people(actor).filter(id__in=wanted).select_related("organisation"))
    rights = registry.guardians_of(actor.wards)
    standing = _standing([person.id for person in people])
    return [
        PersonAsked(
            person=person,
            is_self=person.id == actor.person_id,
            purposes=[
                _asked(actor, person, key, purpose, standing, on)
                for key, purpose in extensions.purposes.items()
                if person.id == actor.person_id or _may_decide(actor, rights.get(person.id, []))
            ],
        )
        for person in sorted(people, key=lambda p: p.id != actor.person_id)
        if person.id != actor.person_id or actor.roles & {"pupil"}
    ]


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody whose yes on paper may be written down: the person, or who represents it today."""

    person_id: int
    name: str
    capacity: Consent.Capacity


@dataclass(frozen=True, slots=True)
class AskedOnPaper:
    """One purpose, as the office that keeps the signed forms sees it.

    standing  every yes to the wording of today
    needed    capacities whose yes is needed; missing: those still without one
    """

    purpose: str
    title: str | Promise
    text: str | Promise
    version: str
    standing: Sequence[Consent]
    needed: frozenset[Consent.Capacity]
    missing: frozenset[Consent.Capacity]


@dataclass(frozen=True, slots=True)
class PaperPage:
    """What a school asks about one person, and who may sign."""

    person: Person
    purposes: Sequence[AskedOnPaper]
    deciders: Sequence[Decider]
    history: Sequence[Consent]


def paper_page(actor: Actor, public_id: UUID, *, on: date) -> PaperPage:
    """The consents of somebody whose forms the actor keeps. Three queries.

    raises   NotFound, also for somebody of another school
    """
    person = registry.person_of(actor, public_id)
    if not actor.may(Permission.CONSENT_RECORD, person):
        raise NotFound
    rights = registry.guardians_of([person.id]).get(person.id, [])
    rows = Consent.objects.filter(person=person).select_related("person", "decided_by").order_by("-given_at", "-id")
    history = list(rows[:100])
    standing = [row for row in history if row.withdrawn_at is None]
    return PaperPage(
        person=person,
        purposes=[_on_paper(person, key, purpose, standing, on) for key, purpose in extensions.purposes.items()],
        deciders=[
            Decider(person.id, person.full_name, Consent.Capacity.SELF),
            *(
                Decider(right.guardian_id, right.guardian_name, Consent.Capacity.REPRESENTATIVE)
                for right in rights
                if right.may_decide
            ),
        ],
        history=history,
    )


def signer(actor: Actor, page: PaperPage, person_id: int) -> Person:
    """One of those who may sign. Raises NotFound for anybody else. One query."""
    if person_id not in {decider.person_id for decider in page.deciders}:
        raise NotFound
    return one(registry.visible_people(actor), id=person_id)


def consent_on_paper(actor: Actor, public_id: UUID) -> Consent:
    """A standing yes whose withdrawal the actor may write down. Raises NotFound."""
    consent = one(Consent.objects.filter(withdrawn_at=None).select_related("person", "decided_by"), public_id=public_id)
    if not actor.may(Permission.CONSENT_RECORD, consent):
        raise NotFound
    return consent


def agreed(people: Collection[Person], purpose: str, *, on: date) -> set[int]:
    """Ids of those for whom everybody who must has said yes to the wording of today. One query.

    For rooms that are about to use personal data: no yes, no use.
    """
    asked = extensions.purposes[purpose]
    standing = _standing([person.id for person in people])
    return {
        person.id
        for person in people
        if who_must_agree(person.birth, discloses=asked.discloses, on=on)
        <= _said(standing, person.id, purpose, asked.version)
    }


def person_to_decide_for(actor: Actor, public_id: UUID) -> Person:
    """The actor's own person or a ward. Raises NotFound for everybody else."""
    person = one(registry.visible_people(actor).select_related("organisation"), public_id=public_id)
    if person.id != actor.person_id and person.id not in actor.wards:
        raise NotFound
    return person


def consent_of(actor: Actor, public_id: UUID) -> Consent:
    """A standing yes about the actor or a ward. Raises NotFound."""
    standing = Consent.objects.filter(person_id__in=_about(actor), withdrawn_at=None)
    return one(standing.select_related("person"), public_id=public_id)


def history_of(actor: Actor) -> list[Consent]:
    """Every yes about the actor or its wards, newest first, with its withdrawal: the ledger as they may read it."""
    rows = Consent.objects.filter(person_id__in=_about(actor)).select_related("person", "decided_by")
    return list(rows.order_by("-given_at", "-id")[:100])


def _about(actor: Actor) -> list[int]:
    return [id for id in (actor.person_id, *actor.wards) if id is not None]


def _standing(person_ids: Collection[int]) -> list[Consent]:
    return list(Consent.objects.filter(person_id__in=person_ids, withdrawn_at=None).order_by("id"))


def _said(standing: Sequence[Consent], person_id: int, purpose: str, version: str) -> frozenset[Consent.Capacity]:
    """In which capacities a yes to exactly this wording stands."""
    return frozenset(
        Consent.Capacity(consent.capacity)
        for consent in standing
        if (consent.person_id, consent.purpose, consent.text_version) == (person_id, purpose, version)
    )


def _asked(actor: Actor, person: Person, key: str, purpose: Purpose, standing: Sequence[Consent], on: date) -> Asked:
    needed = who_must_agree(person.birth, discloses=purpose.discloses, on=on)
    said = _said(standing, person.id, key, purpose.version)
    own = [c for c in standing if (c.person_id, c.purpose, c.decided_by_id) == (person.id, key, actor.person_id)]
    capacity = Consent.Capacity.SELF if person.id == actor.person_id else Consent.Capacity.REPRESENTATIVE
    return Asked(
        purpose=key,
        title=purpose.title,
        text=purpose.text,
        version=purpose.version,
        mine=next((c for c in own if c.text_version == purpose.version), None),
        agreed=said,
        missing=needed - said,
        may_say=capacity in needed,
    )


def _on_paper(person: Person, key: str, purpose: Purpose, standing: Sequence[Consent], on: date) -> AskedOnPaper:
    needed = who_must_agree(person.birth, discloses=purpose.discloses, on=on)
    return AskedOnPaper(
        purpose=key,
        title=purpose.title,
        text=purpose.text,
        version=purpose.version,
        standing=[c for c in standing if (c.purpose, c.text_version) == (key, purpose.version)],
        needed=needed,
        missing=needed - _said(standing, person.id, key, purpose.version),
    )


def _may_decide(actor: Actor, rights: Sequence[registry.GuardianRights]) -> bool:
    return any(right.guardian_id == actor.person_id and right.may_decide for right in rights)
