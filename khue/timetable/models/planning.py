"""Drafts of a timetable and what a school asks of it."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.timetable.models.published import TimetableVersion


class WishKind(models.TextChoices):
    """What a school asks of its timetable. Which columns of a Wish each kind reads stands in planning/wishes.py."""

    SESSION = "session"
    FIXED = "fixed"
    BUSY = "busy"
    MOST_A_DAY = "most_a_day"
    MOST_DAYS = "most_days"
    MOST_GAPS = "most_gaps"
    DOUBLE = "double"
    ROOM = "room"
    LATEST = "latest"
    TOGETHER = "together"
    TRAVEL = "travel"


class Wish(Record):
    """One thing a school asks of its timetable, from a day to a day; empty columns mean "whichever".

    amount    periods, days or pairs, as the kind has it
    is_must   False for what is preferred and never enforced
    ends_on   the first day on which it holds no more
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=WishKind.choices)
    title = models.TextField(default="")
    staff = models.ForeignKey("schools.StaffMember", null=True, on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("curriculum.Subject", null=True, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField(null=True)
    room_kind = models.TextField(default="")
    weekday = models.SmallIntegerField(null=True)
    session = models.CharField(max_length=2, default="")
    period = models.SmallIntegerField(null=True)
    amount = models.SmallIntegerField(null=True)
    is_must = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="wish_in_order"),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__gte=1, weekday__lte=7), name="wish_weekday_of_seven"
            ),
        ]


class WishMember(models.Model):
    """A class-subject that a wish of kind TOGETHER puts into one slot with the others."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wish", "class_subject"], name="wish_member_once")]


class Draft(Record):
    """A timetable in the making, for one term; seen by the office only until it is published.

    last_weekday  5 Friday, 6 Saturday
    conflicts     broken duties by the checker's count when it was last looked at; null before
    reasons       why the last search found no place for everything, a sentence a line; "" where it did or did not know
    version       what was made of it when it was published
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    last_weekday = models.SmallIntegerField(default=6)
    morning_periods = models.SmallIntegerField(default=5)
    afternoon_periods = models.SmallIntegerField(default=5)
    conflicts = models.IntegerField(null=True)
    wishes = models.IntegerField(null=True)
    reasons = models.TextField(default="", db_default="")
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(TimetableVersion, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="draft_latest")]


class DraftLesson(Record):
    """One block of a draft: one or two periods on end of a class-subject, or of several that run together.

    weekday, session, period  where it begins; all empty while it has no place
    is_locked                 the search leaves it where it is
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    duration = models.SmallIntegerField(default=1)
    weekday = models.SmallIntegerField(null=True)
    session = models.CharField(max_length=2, default="")
    period = models.SmallIntegerField(null=True)
    is_locked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday=None, period=None, session="")
                | Q(weekday__isnull=False, period__isnull=False, session__in=("am", "pm")),
                name="draft_lesson_placed_whole",
            ),
        ]


class DraftPart(models.Model):
    """One class-subject of a block, with who teaches it."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(DraftLesson, on_delete=models.CASCADE, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "class_subject"], name="draft_part_once")]


class SearchProgress(models.Model):
    """How far the search for a draft was at some moment: its best timetable so far."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey("foundation.Job", on_delete=models.PROTECT, related_name="+")
    seconds = models.IntegerField()
    conflicts = models.IntegerField()
    wishes = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "seconds"], name="progress_once_a_second")]
