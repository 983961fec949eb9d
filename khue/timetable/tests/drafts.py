"""A school that can be planned: class 6A with Toán, Văn and the activities, two teachers."""

from dataclasses import dataclass

from khue.curriculum.models import Subject
from khue.foundation.actor import Actor
from khue.schools.models import ClassSubject, StaffMember, TeachingAssignment
from khue.timetable import actions
from khue.timetable.models import Draft, DraftLesson
from tests.world import NOON, TODAY, YEAR_START, School, World, actor, staff


@dataclass
class Planning:
    """What a test of planning begins with."""

    here: School
    head: Actor
    literature: ClassSubject
    activities: ClassSubject
    second: StaffMember


def subject_of_class(world: World, at: School, code: str, name: str, periods: float, who: StaffMember) -> ClassSubject:
    """One more subject of class 6A, with a teacher."""
    programme = world.subject.programme
    subject, _made = Subject.objects.get_or_create(
        programme=programme, code=code, defaults={"name": name, "name_en": name, "hue": "rose", "order": 5}
    )
    made = ClassSubject.objects.create(
        organisation=at.organisation,
        school_class=at.school_class,
        subject=subject,
        weekly_periods_term_1=periods,
        weekly_periods_term_2=periods,
    )
    TeachingAssignment.objects.create(organisation=at.organisation, class_subject=made, staff=who, starts_on=YEAR_START)
    return made


def planning(world: World) -> Planning:
    """Toán 4 and activities 2 with the homeroom teacher, Văn 4 with another."""
    here = world.here
    second = staff("Ngô Minh Đức", here.organisation, "teacher")
    return Planning(
        here,
        actor(here.head),
        subject_of_class(world, here, "VAN", "Ngữ văn", 4, second),
        subject_of_class(world, here, "HDTN", "Hoạt động trải nghiệm", 2, here.teacher_staff),
        second,
    )


def draft(given: Planning, **more: object) -> Draft:
    """A draft of term 1: five days of four mornings and two afternoons."""
    fields = {"last_weekday": 5, "periods": (4, 2), "begins_with": None, "title": "Nháp", **more}
    return actions.make_draft(actor=given.head, term=given.here.term, at=NOON, **fields)


def ask(given: Planning, kind: str, **fields: object) -> object:
    """One wish from today on."""
    details = actions.WishDetails(kind=kind, **fields)
    return actions.add_wish(actor=given.head, organisation=given.here.organisation, details=details, on=TODAY)


def search(given: Planning, at: Draft, *, seed: int = 1, keeps: bool = False, seconds: int = 20) -> Draft:
    """Let the worker place the lessons, here and now."""
    from khue.foundation import work

    at.refresh_from_db()
    work.run_now(actions.search_draft(actor=given.head, draft=at, seed=seed, seconds=seconds, keeps=keeps, at=NOON))
    at.refresh_from_db()
    return at


def places(of: Draft) -> dict[int, tuple[int, str, int]]:
    """Where every placed lesson begins, in the order of keys: without one, rows come as the table's pages lie."""
    rows = DraftLesson.objects.filter(draft=of, weekday__isnull=False).order_by("id")
    return {row.id: (row.weekday, row.session, row.period) for row in rows}
