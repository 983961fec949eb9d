"""Who was there and what was taught: rolls, absences, the lesson log, leave asked for a pupil."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.clock import VIETNAM
from khue.foundation.record import Record


class LessonLog(Record):
    """One lesson that was held: a line of the sổ ghi đầu bài. It begins with the roll; its teacher signs it later.

    mode         in the classroom, or online (indicators A5 and A6 count periods by it)
    plan_number  which period of the subject's plan it was (tiết PPCT)
    rating       the lesson's grade, as the school rates: "A" to "D", or "0" to "10"; empty where it does not
    taken_at     when the roll was taken, by the clock of the device; received_at: when this node heard of it
    roll_key     the key of the roll that holds now (RollCall.key)
    signed_*     the teacher's signature by account
    """

    class Mode(models.TextChoices):
        CLASSROOM = "classroom"
        ONLINE = "online"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey("timetable.Slot", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    mode = models.CharField(max_length=9, choices=Mode.choices, default=Mode.CLASSROOM)
    plan_number = models.SmallIntegerField(null=True)
    title = models.TextField(default="")
    remark = models.TextField(default="")
    rating = models.CharField(max_length=2, default="", db_default="")
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by_name = models.TextField(default="", db_default="")
    received_at = models.DateTimeField(null=True)
    roll_key = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.TextField(default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "day"], name="lesson_logged_once")]
        indexes = [
            models.Index(fields=["organisation", "day"], name="lesson_log_of_day"),
            models.Index(fields=["class_subject", "day"], name="lesson_log_of_subject"),
        ]

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_late_entry(self) -> bool:
        """Whether it was written after its day, "ghi bù": the roll, or what was taught."""
        return any(at.astimezone(VIETNAM).date() > self.day for at in (self.taken_at, self.signed_at) if at is not None)


class Absence(models.Model):
    """One pupil who was not simply present in one lesson. Being present leaves no row (domain §4.4).

    minutes  how late, or how long before the end the pupil left; None where nobody noted it
    """

    class Kind(models.TextChoices):
        EXCUSED = "P"
        UNEXCUSED = "K"
        LATE = "M"
        LEFT_EARLY = "S"
        SKIPPED = "T"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(LessonLog, on_delete=models.CASCADE, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1, choices=Kind.choices)
    minutes = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "enrolment"], name="absence_once")]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="absences_of_pupil")]


class RollCall(models.Model):
    """One roll that was taken, under the key its device made: whoever sends it again changes nothing."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(LessonLog, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)


class AbsenceNotice(models.Model):
    """What the family of one pupil has been told of one half-day. Written by whoever tells, before it tells.

    lessons   ids of the lessons that were said to be missed without a reason; empty once all of it was taken back
    sequence  how many times the family was told something
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2)
    lessons = models.JSONField(default=list)
    sequence = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "day", "session"], name="absence_notice_once")]


class LeaveRequest(Record):
    """That a guardian asks leave for a pupil, and what became of it. Both days are included.

    session  the half-day on each of the days; empty for all day
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    session = models.CharField(max_length=2, default="")
    reason = models.TextField()
    attachment = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.TextField(default="")
    answer = models.TextField(default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_days_in_order")]
        indexes = [
            models.Index(fields=["enrolment", "-first_day"], name="leave_of_pupil"),
            models.Index(fields=["organisation", "state", "first_day"], name="leave_of_school"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.APPROVED)


class LogRules(models.Model):
    """How one school keeps its lesson log.

    rating       how lessons are rated: by letters A-D, by points 0-10, or not at all
    one_session  absences count for the 45-session rule as on a plan of one session a day: at most one a day
    """

    class Rating(models.TextChoices):
        LETTERS = "letters"
        POINTS = "points"
        NONE = "none"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    rating = models.CharField(max_length=7, choices=Rating.choices, default=Rating.LETTERS)
    one_session = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="log_rules_once")]


class MealRules(models.Model):
    """Which presence a school counts as a meal, from a day on until the next rules; see meals.MealRule."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    session = models.CharField(max_length=2, default="")
    weekdays = models.CharField(max_length=7)
    cut_off = models.TimeField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "valid_from"], name="meal_rules_once_a_day")]


class PlannedPeriod(models.Model):
    """One period of a subject's plan for a grade (phân phối chương trình): its number and what it is about."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey("schools.SchoolYear", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("curriculum.Subject", on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()
    number = models.SmallIntegerField()
    title = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_year", "subject", "grade", "number"], name="planned_period_once")
        ]


class ClosedWeek(models.Model):
    """That the homeroom teacher closed a week of a class's log. `missing`: lessons not signed by then."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    remark = models.TextField(default="")
    missing = models.SmallIntegerField(default=0)
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "monday"], name="log_week_closed_once")]


class SignedMonth(models.Model):
    """That the board looked through a class's log of a month and signed it. `month` is its first day."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    remark = models.TextField(default="")
    signed_at = models.DateTimeField()
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "month"], name="log_month_signed_once")]


class LessonCorrection(models.Model):
    """A change after the week was closed or the month signed. Kept for ever: the database takes no change of it.

    before, after  by field; "absences" by enrolment id
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(LessonLog, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    corrected_by_id = models.BigIntegerField(null=True)
    corrected_by_name = models.TextField()
