"""Collecting what a school has to report from its own rows: a record gets a new version when its content changed."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from khue.exchange import checks, incoming, keepers
from khue.exchange.access import Permission
from khue.exchange.actions.holding import Held, close_mended, hold
from khue.exchange.catalogue import Kind
from khue.exchange.checks import Rule
from khue.exchange.envelope import CANCEL, bucket_of, hash_of, projected
from khue.exchange.incoming import Incoming
from khue.exchange.models import SchoolQuality, StaleSchool
from khue.exchange.queries.facts import Fact, facts_of_school
from khue.exchange.queries.keeping import is_kept_elsewhere
from khue.exchange.queries.rules import allowed_fields, level_above, rules_on, this_node
from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.registry.models import Organisation

WRITE_NEWER = """
INSERT INTO exchange_reportedrecord AS r
    (organisation_id, kind, key, school_code, version, event, payload, content_hash, sent_hash, position, bucket,
     warnings, errors, changed_at, recorded_at, period)
SELECT organisation_id, kind, key, school_code, 1, 'NEW', payload, content_hash, sent_hash,
       nextval('exchange_position'), bucket, warnings, errors, changed_at, changed_at, period
  FROM exchange_incoming ORDER BY kind, key
ON CONFLICT (kind, key) DO UPDATE
   SET version = CASE WHEN r.content_hash = excluded.content_hash AND r.sent_hash = excluded.sent_hash
                      THEN r.version ELSE r.version + 1 END,
       event = CASE WHEN r.content_hash = excluded.content_hash THEN r.event ELSE 'UPdate' END,
       school_code = excluded.school_code, payload = excluded.payload, content_hash = excluded.content_hash,
       sent_hash = excluded.sent_hash, position = excluded.position, warnings = excluded.warnings,
       errors = excluded.errors, recovered_hash = NULL, period = excluded.period,
       changed_at = excluded.changed_at, recorded_at = excluded.recorded_at
 WHERE r.peer_id IS NULL
   AND (r.content_hash, r.sent_hash, r.errors, r.warnings)
       IS DISTINCT FROM (excluded.content_hash, excluded.sent_hash, excluded.errors, excluded.warnings)
   AND r.recovered_hash IS DISTINCT FROM excluded.content_hash
"""
#: What the school has no row of any more, in what lasts and in the year under way: a year that is over stays true.
#: What came back from above after a restore waits for a person's word. Figures are told by who counts them.
_CANCEL = """
UPDATE exchange_reportedrecord r
   SET version = version + 1, event = 'CANCEL', recovered_hash = NULL, payload = '{}'::jsonb,
       content_hash = c.hash, sent_hash = c.hash,
       position = nextval('exchange_position'), warnings = 0, errors = 0, changed_at = %(at)s, recorded_at = %(at)s
  FROM unnest(%(ids)s::bigint[], %(hashes)s::bytea[]) AS c (id, hash)
 WHERE r.id = c.id
"""
_VANISHED = """
SELECT id, kind, key FROM exchange_reportedrecord r
 WHERE organisation_id = %(school)s AND peer_id IS NULL AND event <> 'CANCEL'
   AND period = ANY (%(periods)s) AND kind <> 'figure'
   AND (recovered_hash IS NULL OR recovered_hash = '-'::bytea)
   AND NOT EXISTS (SELECT 1 FROM exchange_incoming i WHERE i.kind = r.kind AND i.key = r.key)
 ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection came to. cancelled: records whose rows are gone; held: records with errors."""

    records: int
    changed: int
    cancelled: int
    held: int


@dataclass
class _Judged:
    """What the rules say about the facts of one school."""

    errors: Counter[int] = field(default_factory=Counter)
    warnings: Counter[int] = field(default_factory=Counter)
    by_rule: dict[str, Counter[str]] = field(default_factory=dict)
    held: list[tuple[int, Rule]] = field(default_factory=list)


@transaction.atomic
def mark_stale(*, actor: Actor, organisation_id: int, at: datetime) -> None:
    """Note that something happened at a school, so that its records are collected soon. Twice changes nothing."""
    require(actor, Permission.RECORD_SEND, within=organisation_id)
    StaleSchool.objects.bulk_create([StaleSchool(organisation_id=organisation_id, since=at)], ignore_conflicts=True)


@transaction.atomic
def mark_many_stale(*, actor: Actor, organisation_ids: Collection[int], at: datetime) -> None:
    """The same of many schools at once, whoever sends records of the whole node. One statement for some thousands."""
    require(actor, Permission.RECORD_SEND, within=None)
    rows = (StaleSchool(organisation_id=each, since=at) for each in sorted(organisation_ids))
    StaleSchool.objects.bulk_create(rows, batch_size=5_000, ignore_conflicts=True)


@transaction.atomic
def collect_school(*, actor: Actor, school: Organisation, at: datetime) -> Collected:
    """Compare what a school's rows say with what was last reported, and write what differs as new versions.

    A record with an error keeps its place and is not sent until the row is mended. Of a school whose rows another node
    keeps, nothing is collected here: it would be reported twice.
    source  domain §1.8: PhienBan strictly increasing; NĐ 88/2026/NĐ-CP, Điều 22: schools answer for quality at the door
    cost    a dozen reads and five writes a school, whatever its size
    """
    require(actor, Permission.RECORD_SEND, within=school)

    keepers.hold_still(school.id)
    if is_kept_elsewhere(school):
        StaleSchool.objects.filter(organisation=school).delete()
        return Collected(0, 0, 0, 0)
    day = at.astimezone(clock.VIETNAM).date()
    facts = facts_of_school(school, day)
    rules = rules_on(day)
    judged = _judge(facts, rules, day)
    rows = _rows(school, facts, judged, allowed_fields(level_above(this_node()), day), at)
    incoming.copy_in(rows)
    with connection.cursor() as cursor:
        cursor.execute(WRITE_NEWER)
        changed = cursor.rowcount
    cancelled = _cancel(school, {"", *(fact.period for fact in facts)}, at)
    _hold(school, rows, judged, at)
    _count_quality(school, facts, Counter(rule.kind for rule in rules), judged, at)
    StaleSchool.objects.filter(organisation=school).delete()
    collected = Collected(len(rows), changed, cancelled, len(judged.errors))
    audit.record(actor, "records.collected", school, records=len(rows), changed=changed, cancelled=cancelled)
    return collected


def _rows(
    school: Organisation, facts: Sequence[Fact], judged: _Judged, allowed: Mapping[str, Collection[str]], at: datetime
) -> list[Incoming]:
    rows = []
    for place, fact in enumerate(facts):
        seen = projected(fact.payload, allowed.get(fact.kind, ()))
        rows.append(
            Incoming(
                kind=fact.kind,
                key=fact.key,
                school_code=school.code or "",
                organisation_id=school.id,
                version=1,
                event="NEW",
                payload=fact.payload,
                content_hash=hash_of(fact.kind, fact.key, "NEW", fact.payload),
                sent_hash=hash_of(fact.kind, fact.key, "NEW", seen),
                bucket=bucket_of(fact.kind, fact.key),
                changed_at=at,
                warnings=judged.warnings[place],
                errors=judged.errors[place],
                period=fact.period,
            )
        )
    return rows


def _judge(facts: Sequence[Fact], rules: Sequence[Rule], day: date) -> _Judged:
    judged = _Judged()
    for kind in Kind:
        places = [place for place, fact in enumerate(facts) if fact.kind == kind]
        found = checks.complaints(kind, [facts[place].payload for place in places], rules, day)
        tally = judged.by_rule.setdefault(kind, Counter())
        for complaint in found:
            place = places[complaint.position]
            tally[complaint.rule.code] += 1
            if complaint.rule.is_error:
                judged.errors[place] += 1
                judged.held.append((place, complaint.rule))
            else:
                judged.warnings[place] += 1
    return judged


def _cancel(school: Organisation, periods: set[str], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_VANISHED, {"school": school.id, "periods": sorted(periods)})
        gone = cursor.fetchall()
        if gone:
            hashes = [hash_of(kind, key, CANCEL, {}) for _id, kind, key in gone]
            cursor.execute(_CANCEL, {"at": at, "ids": [row[0] for row in gone], "hashes": hashes})
    return len(gone)


def _hold(school: Organisation, rows: Sequence[Incoming], judged: _Judged, at: datetime) -> None:
    """Our own complaints go to the work list at once: no round trip is needed to learn of them."""
    held = [
        Held(
            organisation_id=school.id,
            kind=rows[place].kind,
            key=rows[place].key,
            version=1,
            content_hash=rows[place].content_hash,
            rule=rule.code,
            field=rule.field,
            message=rule.message,
            duty=rule.duty,
        )
        for place, rule in judged.held
    ]
    close_mended(school.id, held)
    hold(None, held, at)


def _count_quality(
    school: Organisation, facts: Sequence[Fact], rules: Mapping[str, int], judged: _Judged, at: datetime
) -> None:
    totals = Counter(fact.kind for fact in facts)
    wrong = Counter(facts[place].kind for place in judged.errors)
    doubtful = Counter(facts[place].kind for place in judged.warnings if place not in judged.errors)
    rows = [
        SchoolQuality(
            organisation=school,
            kind=kind,
            records=total,
            faultless=total - wrong[kind] - doubtful[kind],
            warnings=doubtful[kind],
            errors=wrong[kind],
            checks=total * rules[kind],
            failed=judged.by_rule[kind].total(),
            by_rule=dict(judged.by_rule[kind]),
            counted_at=at,
        )
        for kind, total in totals.items()
    ]
    SchoolQuality.objects.filter(organisation=school).exclude(kind__in=["", *totals]).delete()
    SchoolQuality.objects.bulk_create(
        [*rows, _together(rows, school, at)],
        update_conflicts=True,
        unique_fields=["organisation", "kind"],
        update_fields=[
            "records", "faultless", "warnings", "errors", "checks", "failed", "by_rule", "missed", "counted_at",
        ],
    )  # fmt: skip


def _together(rows: Sequence[SchoolQuality], school: Organisation, at: datetime) -> SchoolQuality:
    """All kinds of a school's records in one row, by which schools stand in order of their scores."""
    checks, failed = sum(row.checks for row in rows), sum(row.failed for row in rows)
    return SchoolQuality(
        organisation=school, kind="", records=sum(row.records for row in rows),
        faultless=sum(row.faultless for row in rows), warnings=sum(row.warnings for row in rows),
        errors=sum(row.errors for row in rows), checks=checks, failed=failed,
        missed=round(1_000_000 * failed / checks) if checks else 0, counted_at=at,
    )  # fmt: skip
