"""What each role needs to know now. One function a role; the page prints what it is given."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from khue.assessment import queries as assessment
from khue.attendance import queries as attendance
from khue.attendance.queries import DayCount
from khue.foundation import clock, extensions
from khue.foundation.actor import Actor
from khue.foundation.extensions import PublicDoor
from khue.gradebook import queries as gradebook
from khue.identity.models import Role
from khue.indicators import queries as indicators
from khue.indicators.queries import Value
from khue.learning import queries as learning
from khue.messaging import queries as messaging
from khue.payments import queries as payments
from khue.portal.beginning import beginning_of, year_under_way
from khue.portal.homes import (
    AccountantHome,
    ChildCard,
    ClerkHome,
    GuardianHome,
    HeadHome,
    OfficerHome,
    OfficeWork,
    PupilHome,
    TeacherHome,
)
from khue.procedures import queries as procedures
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Term
from khue.timetable import queries as timetable
from khue.timetable.queries import Ahead
from khue.workspace import queries as workspace

LATELY = timedelta(days=14)
#: Of a kind on one page; the rooms' own pages show all.
MOST_OF_THE_DESK = 5


def public_doors() -> list[PublicDoor]:
    """What anybody may do here without signing in, in order. No query."""
    return sorted(extensions.public_doors, key=lambda door: door.order)


def pupil_home(actor: Actor, at: datetime) -> PupilHome:
    """Ten queries."""
    day = at.astimezone(clock.VIETNAM).date()
    asked = messaging.to_answer(actor, at)
    place = schools.place_of_pupil(actor.person_id or 0, day)
    if place is None:
        return PupilHome("", Ahead([]), asked, [], [], [], messaging.news(actor))
    tests = assessment.due_tests(actor, at, place)
    return PupilHome(
        class_name=place.class_name,
        ahead=timetable.ahead_of_class(place.organisation_id, place.school_class_id, at),
        asked=asked,
        tests=[test for test in tests if test.closes_at > at and test.mark is None][:5],
        due=learning.due_lessons(actor, 5, place),
        going_on=learning.continue_with(actor, place=place),
        messages=messaging.news(actor),
    )


def guardian_home(actor: Actor, at: datetime) -> GuardianHome:
    """Nine queries, one more where something is to be decided, however many children at however many schools."""
    day = at.astimezone(clock.VIETNAM).date()
    children = gradebook.reported_pupils(actor, day)
    asked = messaging.to_answer(actor, at)
    shown = {child.person_id for child in children}
    missed, on_leave = attendance.lately_missed(actor, [child.enrolment_id for child in children], day - LATELY, day)
    ahead = timetable.ahead_of_classes([(child.organisation_id, child.school_class_id) for child in children], at)
    marks = gradebook.new_marks(children, day - LATELY, 5)
    return GuardianHome(
        [
            ChildCard(
                child,
                ahead[child.school_class_id],
                [one for one in missed if one.enrolment_id == child.enrolment_id][:5],
                marks[child.enrolment_id],
                [one for one in asked if one.child_id == child.person_id],
                child.enrolment_id in on_leave,
            )
            for child in children
        ],
        [one for one in asked if one.child_id not in shown],
        payments.owed_by(actor),
        messaging.news(actor),
    )


def teacher_home(actor: Actor, at: datetime) -> TeacherHome:
    """Eleven queries for who works at one school."""
    return TeacherHome(
        day=attendance.teaching_day(schools.own_staff(actor), at),
        to_fill=gradebook.books_to_fill(actor, at.astimezone(clock.VIETNAM).date(), limit=8),
        waiting=messaging.waiting_for_classes(actor, at),
        messages=messaging.news(actor),
        tasks=workspace.own_tasks(actor),
    )


def head_home(actor: Actor, at: datetime) -> HeadHome:
    """Eleven queries. Before the year has a timetable there is no lesson to count, only what is to be set up."""
    day = at.astimezone(clock.VIETNAM).date()
    school, term, counted = _today_at_school(actor, Role.HEAD, day)
    beginning = beginning_of(actor, school, year_under_way(term, day), day, has_begun=counted.has_begun)
    waiting = HeadHome(
        school=school,
        desk=workspace.waiting(actor, day),
        asked=indicators.owed_by(school),
        tasks=workspace.own_tasks(actor),
        beginning=beginning,
    )
    if beginning is not None and not beginning.has_timetable:
        return waiting
    cases, late = procedures.count_waiting(actor, day)
    return replace(
        waiting,
        lessons=timetable.count_lessons(school.id, day),
        day=counted,
        marks=gradebook.school_marks(actor, term),
        reported=messaging.open_reports(actor),
        cases=cases,
        late_cases=late,
        values=_computed(school, day),
    )


def _today_at_school(actor: Actor, role: Role, day: date) -> tuple[Organisation, Term | None, DayCount]:
    """The school in which the actor has this role, its term, what was counted today. Two queries."""
    place = next(held.organisation for held in actor.held if held.role == role)
    term = schools.current_term(place, day)
    year = year_under_way(term, day)
    school = term.organisation if term else registry.organisation_with(place)
    return school, term, attendance.day_of_school(place, day, year.starts_on if year else None)


def clerk_home(actor: Actor, at: datetime) -> ClerkHome:
    """Twelve queries; some more until the first roll of the year is taken."""
    day = at.astimezone(clock.VIETNAM).date()
    school, term, counted = _today_at_school(actor, Role.CLERK, day)
    return ClerkHome(
        school=school,
        cases=procedures.waiting_cases(actor, day, MOST_OF_THE_DESK),
        transfers=payments.count_transfers_waiting(actor, school.id),
        planned=timetable.count_lessons(school.id, day).planned,
        day=counted,
        away=workspace.away_between(actor, day, day),
        desk=workspace.waiting(actor, day),
        asked=indicators.owed_by(school),
        tasks=workspace.own_tasks(actor),
        messages=messaging.news(actor),
        beginning=beginning_of(actor, school, year_under_way(term, day), day, has_begun=counted.has_begun),
    )


def accountant_home(actor: Actor, at: datetime) -> AccountantHome:
    """Ten queries."""
    day = at.astimezone(clock.VIETNAM).date()
    school = registry.organisation_with(next(held.organisation for held in actor.held if held.role == Role.ACCOUNTANT))
    desk = payments.desk_of(actor, school.id, day)
    return AccountantHome(school, desk, workspace.own_tasks(actor), messaging.news(actor))


def officer_home(actor: Actor, at: datetime) -> OfficerHome:
    """Ten queries, five for the Ministry, whatever the size of the country."""
    day = at.astimezone(clock.VIETNAM).date()
    organisation = indicators.own_organisation(actor)
    year = indicators.school_year_of(day)
    values = _computed(organisation, day)
    return OfficerHome(
        organisation, year, values, indicators.parts_of(organisation, values[1].indicator, year, limit=50),
        _office_work(actor, organisation, year, at) if Role.DEPARTMENT_OFFICER.value in actor.roles else None,
    )  # fmt: skip


def _office_work(actor: Actor, office: Organisation, year: str, at: datetime) -> OfficeWork:
    day = at.astimezone(clock.VIETNAM).date()
    rounds = indicators.due_dates(office, year)
    # The nearest day ahead; behind us, the last one.
    period = min(rounds, key=lambda each: (rounds[each] < day, abs((rounds[each] - day).days)), default="")
    due_on = rounds.get(period)
    reports = indicators.received(indicators.Round(office, year, period, due_on), day) if due_on else None
    return OfficeWork(
        *procedures.count_waiting(actor, day), period, due_on, reports, *schools.count_admissions(actor, at)
    )


def _computed(organisation: Organisation, day: date) -> list[Value]:
    values = indicators.values_of(organisation, indicators.school_year_of(day))
    return [value for value in values if value.indicator.is_computed]
