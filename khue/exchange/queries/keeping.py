"""Who keeps the rows of a school: this node, or the node of a body it belongs to. docs/decisions/0300 and 0310"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet, Value
from django.db.models.functions import Concat

from khue.exchange import handings
from khue.exchange.answers import Handed
from khue.exchange.catalogue import Kind
from khue.exchange.extensions import under_way
from khue.exchange.letter_models import Letter
from khue.exchange.models import HeldRecord, Peer, ReportedRecord
from khue.exchange.queries.facts import facts_of_school
from khue.exchange.queries.letters import MOST_TRIES
from khue.exchange.queries.peers import envelope_of
from khue.exchange.queries.rules import this_node
from khue.exchange.queries.tree import leaves_told, told_count
from khue.exchange.signatures import Signer
from khue.foundation.actor import SYSTEM
from khue.foundation.compiled import compiled
from khue.registry.models import Organisation
from khue.schools import queries as schools

#: Records handed over at once.
AT_ONCE = 500


def own_records(school_ids: Collection[int]) -> QuerySet[ReportedRecord]:
    """What this node reports of some schools from rows of its own."""
    return ReportedRecord.objects.filter(peer=None, organisation_id__in=list(school_ids))


def kept_here(schools: Collection[Organisation]) -> set[int]:
    """Of schools that a node below may report for, those of which this one still reports. One query."""
    return set(_reported_here([school.id for school in schools]))


@compiled
def _reported_here(school_ids: Collection[int]) -> QuerySet[ReportedRecord, int]:
    rows = ReportedRecord.objects.filter(peer=None, organisation_id__in=school_ids, kind="school")
    return rows.exclude(event="CANCEL").values_list("organisation_id", flat=True)


def is_kept_elsewhere(school: Organisation) -> bool:
    """Whether another node reports for the school and this one does not. One query, in the school's own scope.

    So it is also where this is the school's own node, which has handed its rows back.
    """
    said = ReportedRecord.objects.filter(organisation=school, kind="school").exclude(event="CANCEL")
    went_back = Exists(Peer.objects.filter(handed_back(), organisation=school))
    keepers = set(said.values_list("peer_id", went_back))
    return bool(keepers) and (None, False) not in keepers


def handed_back() -> Q:
    """Of peers, the one above to which this node has handed its school's rows back."""
    return Q(direction=Peer.Direction.ABOVE, is_active=True, handed_back_at__isnull=False)


def records_to_hand_over(peer: Peer) -> int:
    """How many records this node still reports of the school that the node below stands for. One query."""
    if peer.direction != Peer.Direction.BELOW or peer.organisation.kind != Organisation.Kind.SCHOOL:
        return 0
    return own_records([peer.organisation_id]).count()


def known_here(keys: Collection[tuple[str, str]]) -> int:
    """How many of these records, by kind and key, this node reports from rows of its own. One query."""
    wanted = set(keys)
    rows = ReportedRecord.objects.filter(peer=None, key__in={key for _kind, key in keys}).exclude(event="CANCEL")
    return sum(one in wanted for one in rows.values_list("kind", "key"))


def handed_over(peer: Peer, after: int) -> list[Handed]:
    """What was handed over to a node below and has not been said anew since, behind a number. One query."""
    if peer.handed_over_at is None:
        return []
    rows = ReportedRecord.objects.filter(peer=peer, recorded_at__lte=peer.handed_over_at, id__gt=after)
    return [Handed(row.id, envelope_of(row)) for row in rows.order_by("id")[:AT_ONCE]]


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What has to be over before a school's node may hand its rows back.

    held       records that the rules here or a node above hold back: their newest version has not gone out
    recovered  records that came back after a restore and that nobody has looked at
    letters    that wait to be handed over or read
    under_way  what was begun with schools of other nodes and is not finished: extensions.under_way
    taken_up   whether what the node above once handed over was taken up
    """

    held: int
    recovered: int
    letters: int
    under_way: int
    taken_up: bool

    @property
    def is_nothing(self) -> bool:
        return self.taken_up and not (self.held or self.recovered or self.letters or self.under_way)


def still_open(peer: Peer, on: date) -> StillOpen:
    """The same for the node above, in the scope of the school. Two queries.

    What a year that is over holds back cannot be mended any more, and what came back of it stands as it is.
    """
    year = schools.school_year_on(peer.organisation_id, on)
    found = Counter(dict(_open(peer.organisation_id, year.code if year else "")))
    counts = {name: found.pop(name, 0) for name in ("held", "recovered", "letters")}
    return StillOpen(**counts, under_way=found.total(), taken_up=peer.handed_over_at == peer.taken_up_at)


@compiled
def _open(school_id: int, period: str) -> QuerySet[Any, tuple[str, int]]:
    over = ReportedRecord.objects.filter(peer=None).exclude(period="").exclude(period=period)
    held = HeldRecord.objects.filter(mended_at=None).exclude(key__in=over.values("key"))
    came = ReportedRecord.objects.filter(peer=None).exclude(recovered_hash=None).exclude(id__in=over.values("id"))
    letters = Letter.objects.filter(tries__lt=MOST_TRIES)
    return _counted(
        held=(held, Count(Concat("kind", Value(" "), "key"), distinct=True)),
        recovered=(came, Count("id")),
        letters=(letters, Count("id")),
        **{f"under_way.{key}": (rows(school_id), Count("id")) for key, rows in under_way.items()},
    )


def may_hand_back(peer: Peer) -> bool:
    """Whether this is a school's node that keeps its rows and reports them to this peer."""
    is_above = peer.direction == Peer.Direction.ABOVE and peer.is_active and peer.handed_back_at is None
    return is_above and peer.organisation.kind == Organisation.Kind.SCHOOL


def line_back(peer: Peer) -> bytes | None:
    """What this node says when it has handed its school's rows back, signed; None while it has not. Four queries."""
    peer, this = Peer.objects.get(id=peer.id), this_node()
    if peer.handed_back_at is None or this is None:
        return None
    claims = handings.HandingBack(
        typ=handings.BACK, iss=str(this.node), aud=str(peer.node), at=peer.handed_back_at.isoformat(),
        since=peer.taken_up_at.isoformat() if peer.taken_up_at else "", root=handings.root_of(leaves_told(peer)),
        records=told_count(peer),
    )  # fmt: skip
    return Signer(str(this.node), this.key_generation).sign(claims).encode()


@dataclass(frozen=True, slots=True)
class Beside:
    """How many classes, pupils and staff the school's node has told, and how many stand in the rows of this node."""

    kind: str
    told: int
    here: int


def rows_beside(peer: Peer, on: date) -> list[Beside]:
    """What a school's node has told of the year under way beside the rows here. Three queries."""
    school = peer.organisation
    year = schools.school_year_on(school.id, on)
    code = year.code if year else ""
    rows = ReportedRecord.objects.filter(peer=peer, period__in=["", code]).exclude(event="CANCEL")
    told = Counter(dict(rows.values_list("kind").annotate(Count("id")).order_by()))
    here = Counter(dict(_standing(school.id, year.id if year else 0, on)))
    return [
        Beside("class", told[Kind.CLASS_PRIMARY] + told[Kind.CLASS_SECONDARY], here["classes"]),
        Beside("pupil", told[Kind.PUPIL], here["pupils"]),
        Beside("staff", told[Kind.STAFF], here["staff"]),
    ]


@compiled
def _standing(school_id: int, year_id: int, on: date) -> QuerySet[Any, tuple[str, int]]:
    classes = schools.visible_classes(SYSTEM).filter(school_year_id=year_id, closed_on=None)
    pupils = schools.visible_enrolments(SYSTEM, on).filter(school_class__school_year_id=year_id)
    staff = schools.visible_staff(SYSTEM).filter(organisation_id=school_id, starts_on__lte=on).exclude(ends_on__lte=on)
    return _counted(
        classes=(classes, Count("id")),
        pupils=(pupils, Count("person_id", distinct=True)),
        staff=(staff, Count("id")),
    )


def told_and_known(peer: Peer, on: date) -> tuple[int, int]:
    """Of what a school's node has told of what lasts and of the year under way: how much, and how much rows here know.

    cost  a collection of the school without writing, and one query
    """
    facts = facts_of_school(peer.organisation, on)
    known = {(str(fact.kind), fact.key) for fact in facts}
    periods = {"", *(fact.period for fact in facts)}
    rows = ReportedRecord.objects.filter(peer=peer, period__in=periods).exclude(event="CANCEL")
    told = list(rows.exclude(kind=Kind.FIGURE).values_list("kind", "key"))
    return len(told), sum(one in known for one in told)


def _counted(**named: tuple[QuerySet[Any, Any], Count]) -> QuerySet[Any, tuple[str, int]]:
    """How many each of these finds, beside its name, in one statement."""
    first, *others = (
        rows.order_by().values(counted=Value(name)).annotate(number=count).values_list("counted", "number")
        for name, (rows, count) in named.items()
    )
    counted: QuerySet[Any, tuple[str, int]] = first.union(*others, all=True)
    return counted
