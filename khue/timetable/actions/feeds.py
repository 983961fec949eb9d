"""Addresses at which calendar programs read lessons: made, read, revoked."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import NotFound
from khue.timetable import queries
from khue.timetable.access import Permission
from khue.timetable.models import CalendarFeed

#: A program that looks every minute makes no row busy.
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_feed(*, actor: Actor, organisation_id: int, person_id: int, at: datetime) -> str:
    """Make an address for the lessons of the actor or a child; the one in use until now ends at once.

    Returns the secret of the address, which is kept nowhere: whoever loses it makes another.
    raises   NotFound when the lessons are not the actor's to have
    """
    require(actor, Permission.TIMETABLE_READ, within=organisation_id)
    offered = queries.own_feeds(actor, at.astimezone(VIETNAM).date())
    if actor.account_id is None or (organisation_id, person_id) not in {
        (each.organisation_id, each.person_id) for each in offered
    }:
        raise NotFound
    mine = CalendarFeed.objects.select_for_update().filter(account_id=actor.account_id, revoked_at=None)
    for old in mine.filter(organisation_id=organisation_id, person_id=person_id):
        revoke_feed(actor=actor, feed=old, at=at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        organisation_id=organisation_id,
        account_id=actor.account_id,
        person_id=person_id,
        token_hash=queries.hash_of(token),
        made_at=at,
        changed_at=at,
    )
    audit.record(actor, "calendar_feed.made", feed, person=person_id)
    return token


@transaction.atomic
def revoke_feed(*, actor: Actor, feed: CalendarFeed, at: datetime) -> None:
    """Close an address: from now on nothing is found there."""
    require(actor, Permission.TIMETABLE_READ, within=feed)
    if feed.account_id != actor.account_id:
        raise NotFound
    CalendarFeed.objects.filter(id=feed.id, revoked_at=None).update(revoked_at=at)
    audit.record(actor, "calendar_feed.revoked", feed, person=feed.person_id)


@transaction.atomic
def note_feed_read(*, actor: Actor, feed: CalendarFeed, digest: str, at: datetime) -> datetime:
    """Note that a program has read a feed. Returns since when it tells what it tells now.

    digest   of what it was told; a new one means that something changed at the latest now
    """
    require(actor, Permission.TIMETABLE_READ, within=feed)
    changed_at = feed.changed_at if feed.digest == digest else at.replace(microsecond=0)
    if feed.digest != digest or feed.read_at is None or at - feed.read_at > NOTED_EVERY:
        CalendarFeed.objects.filter(id=feed.id).update(read_at=at, digest=digest, changed_at=changed_at)
    return changed_at
