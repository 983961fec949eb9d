"""Feeds of lessons for calendar programs: whose there may be, and what one of them tells."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from khue.foundation import clock, scope
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.identity import queries as identity
from khue.schools import queries as schools
from khue.schools.models import Enrolment
from khue.schools.queries import SchoolDay
from khue.timetable import labels
from khue.timetable.access import Permission
from khue.timetable.icalendar import Event
from khue.timetable.models import CalendarFeed
from khue.timetable.queries.between import Whose, lessons_between
from khue.timetable.queries.lessons import Hours, Lesson, hours_of


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """Whose lessons somebody may have in a calendar.

    name   of the person
    where  the class of a pupil; "" for a teacher
    feed   the address in use, None where there is none
    """

    person_id: int
    organisation_id: int
    name: str
    where: str
    feed: CalendarFeed | None

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"{self.organisation_id}-{self.person_id}"


def own_feeds(actor: Actor, on: date) -> list[FeedChoice]:
    """Whose lessons the actor may have: the own ones of a teacher or a pupil, those of each child. Some queries."""
    feeds = {
        (each.organisation_id, each.person_id): each
        for each in CalendarFeed.objects.filter(account_id=actor.account_id or 0, revoked_at=None)
    }
    people = [
        *((staff.person_id, staff.organisation_id, actor.name, "") for staff in schools.own_staff(actor)),
        *(
            (row.person_id, row.organisation_id, row.person.full_name, row.school_class.name)
            for row in _learning(actor, on)
        ),
    ]
    places = actor.organisations(Permission.TIMETABLE_READ)
    return [
        FeedChoice(person, place, name, where, feeds.get((place, person)))
        for person, place, name, where in dict.fromkeys(people)
        if places is None or place in places
    ]


def _learning(actor: Actor, on: date) -> QuerySet[Enrolment]:
    """Where the actor and the children learn on that day."""
    holds = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
    people = sorted({*actor.wards, *([actor.person_id] if actor.person_id else [])})
    return schools.visible_enrolments(actor, on).filter(holds, person_id__in=people)[:20]


def own_feed_of(actor: Actor, public_id: UUID) -> CalendarFeed:
    """A feed in use that the actor made. Raises NotFound."""
    return one(CalendarFeed.objects.filter(account_id=actor.account_id or 0, revoked_at=None), public_id=public_id)


def hash_of(token: str) -> bytes:
    """What is kept of the secret in a feed's address."""
    return hashlib.sha256(token.encode()).digest()


def feed_with(token: str, on: date) -> tuple[CalendarFeed, Actor]:
    """The feed of this secret, and who it was made by with what they may do today. Two queries.

    Looked up beyond any scope, as a session is: whoever holds the secret is let in by it alone. The transaction it
    runs in is in the actor's scope afterwards.
    raises   NotFound once it is revoked, and when the account is closed
    """
    with scope.raised(ANONYMOUS):
        feed = one(CalendarFeed.objects.filter(revoked_at=None), token_hash=hash_of(token))
    actor = identity.actor_of(feed.account_id, on=on, door="page")
    scope.enter(actor.scope, actor.account_id)
    return feed, actor


def events_of_feed(actor: Actor, feed: CalendarFeed, first: date, last: date) -> list[Event]:
    """What a feed tells of these days, both included: every lesson as it is taught, and the days without school.

    actor    who made the feed, as `feed_with` gives it
    raises   NotFound when the lessons are the actor's to see no more: work that ended, a guardian who is one no longer
    cost     some eight queries, however many lessons
    """
    if not actor.may(Permission.TIMETABLE_READ, feed) or feed.person_id not in {actor.person_id, *actor.wards}:
        raise NotFound
    organisation_id = feed.organisation_id
    days, hours = schools.school_days_between(organisation_id, first, last), hours_of(organisation_id)
    staff = [each.id for each in schools.own_staff(actor) if each.organisation_id == organisation_id]
    teaches = feed.person_id == actor.person_id and bool(staff)
    if teaches:
        lessons = lessons_between(organisation_id, days, Whose(staff_ids=staff), hours)
    else:
        rows = [row for row in schools.classes_of_pupil(feed.person_id) if row.organisation_id == organisation_id]
        if not rows:
            raise NotFound
        lessons = [lesson for row in rows for lesson in _learnt(row, days, hours)]
    free = [
        Event(f"{organisation_id}-{day.day}@khue", day.day, None, day.title)
        for day in days
        if day.title and not day.is_school_day
    ]
    return [*free, *(_event(each, teaches=teaches) for each in lessons)]


def _learnt(row: Enrolment, days: Sequence[SchoolDay], hours: Hours) -> list[Lesson]:
    """The lessons of a pupil while in a class: those of all, and of the electives those chosen."""
    here = [day for day in days if row.starts_on <= day.day and (row.ends_on is None or day.day < row.ends_on)]
    if not here:
        return []
    others = schools.electives_not_taken(row, max(here[0].day, min(clock.today(), here[-1].day)))
    lessons = lessons_between(row.organisation_id, here, Whose(class_id=row.school_class_id), hours)
    return [each for each in lessons if each.class_subject_id not in others]


def _event(lesson: Lesson, *, teaches: bool) -> Event:
    period = labels.period_name(lesson.session, lesson.period)
    notes = [
        period[:1].upper() + period[1:],
        _("Giáo viên: %(name)s") % {"name": lesson.teacher} if not teaches else "",
        _("Dạy thay %(name)s") % {"name": lesson.instead_of} if lesson.instead_of else "",
        _("Học trực tuyến") if lesson.is_online else "",
    ]
    hours = (lesson.starts_at, lesson.ends_at) if lesson.starts_at and lesson.ends_at else None
    what = f"{lesson.subject_name} {lesson.class_name}" if teaches else lesson.subject_name
    uid = f"{lesson.slot}-{lesson.day:%Y%m%d}@khue"
    return Event(
        uid, lesson.day, hours, what if hours else f"{what} ({period})", lesson.room, "\n".join(filter(None, notes))
    )
