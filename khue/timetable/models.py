"""When and where each class-subject is taught: bells, versions of the timetable, slots of a week."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class Session(models.TextChoices):
    """A half-day."""

    MORNING = "am"
    AFTERNOON = "pm"


class Bell(models.Model):
    """The hours of one period at a school, or at one campus of it where they differ."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "campus", "session", "period"], name="bell_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bell_hours_in_order"),
        ]


class CampusWay(models.Model):
    """How long the way between two campuses of a school takes. `other` is None for the main one."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "one", "other"], name="way_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="way_not_negative"),
        ]


class TimetableVersion(Record):
    """A week's plan in force from a day until the next version begins."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "valid_from"], name="timetable_version_once")]


class Slot(Record):
    """One period of the week: this class-subject, this teacher, this room.

    weekday    1 Monday to 7 Sunday
    is_online  planned as an online lesson; what really happened stands in the lesson log
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(TimetableVersion, on_delete=models.CASCADE, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("schools.Room", null=True, on_delete=models.PROTECT, related_name="+")
    weekday = models.SmallIntegerField()
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    is_online = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "staff"], name="teacher_in_one_place_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "class_subject"], name="class_subject_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "room"],
                condition=Q(room__isnull=False),
                name="room_for_one_lesson_at_a_time",
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="slot_weekday"),
        ]
        indexes = [models.Index(fields=["class_subject", "weekday"], name="slot_of_class_subject")]


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


class Absence(Record):
    """That a teacher gives no lessons from a day to a day, both included."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField(default="")
    told_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_in_order")]


class Cover(Record):
    """That somebody else gives the lesson of a slot on one day.

    session, period  the slot's own, so that the database keeps a substitute from being in two places
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="covers")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    assigned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "day"], condition=Q(withdrawn_at=None), name="lesson_covered_by_one"
            ),
            models.UniqueConstraint(
                fields=["staff", "day", "session", "period"],
                condition=Q(withdrawn_at=None),
                name="substitute_in_one_place_at_a_time",
            ),
        ]


class CalendarFeed(Record):
    """An address at which a calendar program reads one person's lessons without signing in.

    account      who made it; what it tells follows what that account may see on the day it is read
    person       whose lessons: the account's own person, or a child
    token_hash   SHA-256 of the secret in the address; the secret is shown once and stands nowhere
    digest       of what was told last, "" before the first reading; changed_at is since when
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("identity.Account", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    digest = models.TextField(default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "person"],
                condition=Q(revoked_at=None),
                name="one_feed_of_a_person_in_use",
            )
        ]


class FetFile(Record):
    """A .fet file that a school brought: what it holds, and the latest week that was found for it.

    conflicts, wishes  of that week, by the checker's count; null before the first search
    answer             the week as a workbook
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    days = models.SmallIntegerField()
    periods = models.SmallIntegerField()
    activities = models.IntegerField()
    teachers = models.IntegerField()
    classes = models.IntegerField()
    rules = models.IntegerField()
    brought_at = models.DateTimeField()
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    conflicts = models.IntegerField(null=True)
    wishes = models.IntegerField(null=True)
    discarded_at = models.DateTimeField(null=True)


class FetUnread(models.Model):
    """A kind of constraint, in FET's own word, that a file uses and the program does not know."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    fet_file = models.ForeignKey(FetFile, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fet_file", "kind"], name="fet_unread_once")]
