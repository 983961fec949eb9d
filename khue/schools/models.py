"""A school's year: terms and days, classes and who is in them, staff and what they teach, rooms and things."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from khue.foundation.record import Record
from khue.schools.admission_plans import AdmissionPlace as AdmissionPlace
from khue.schools.admission_plans import AdmissionPlan as AdmissionPlan


class SchoolYear(Record):
    """One school year of one school, "2026-2027", with its own dates (the province fixes a frame, domain §2.4)."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=9)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="school_year_once")]


class Term(Record):
    """A term: 18 teaching weeks, then 17."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    teaching_weeks = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_year", "number"], name="term_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_dates_in_order"),
        ]


class SpecialDay(models.Model):
    """A day that is not what the calendar says: a holiday, or a make-up day taught like another weekday."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday"
        MAKE_UP = "make_up"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    taught_as = models.SmallIntegerField(null=True)  # weekday 1 Monday - 7 Sunday, for a make-up day
    title = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_year", "day"], name="special_day_once")]


class SubjectGroup(Record):
    """Tổ chuyên môn, with the member who leads it."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    leader = models.ForeignKey("schools.StaffMember", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="subject_group_once")]


class StaffMember(Record):
    """A person's work at one school, from a day to a day."""

    class Position(models.TextChoices):
        HEAD = "head"
        DEPUTY_HEAD = "deputy_head"
        TEACHER = "teacher"
        CLERK = "clerk"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, default="")
    position = models.CharField(max_length=11, choices=Position.choices)
    subject_group = models.ForeignKey(SubjectGroup, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "starts_on"], name="staff_member_once"),
        ]


class SchoolClass(Record):
    """A class of one year: "6A1".

    homeroom_teacher  who leads it now; from when to when stands in HomeroomAppointment
    closed_on         the first day on which there is no such class any more
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    homeroom_teacher = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_year", "name"], name="class_name_once")]


def _days() -> Func:
    """The days on which a dated row holds."""
    return Func(F("starts_on"), F("ends_on"), Value("[)"), function="daterange", output_field=DateRangeField())


class HomeroomAppointment(models.Model):
    """That a teacher leads a class, from a day to a day; one at a time."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="class_led_by_one_at_a_time",
                expressions=[("school_class", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]


class Enrolment(Record):
    """A pupil in a class, from a day to a day. Nobody is in two classes of one school year at once."""

    class Status(models.TextChoices):
        STUDYING = "studying"
        MOVED_CLASS = "moved_class"
        TRANSFERRED = "transferred"
        LEFT = "left"
        FINISHED = "finished"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # enrolment_members begins with it
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.STUDYING)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="enrolment_in_one_class_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [models.Index(fields=["school_class", "person"], name="enrolment_members")]


class ClassSubject(Record):
    """A subject taught in a class: the row that timetable, course and mark-book point at.

    weekly_periods  by term, because 52 periods a year are not a constant a week
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("curriculum.Subject", on_delete=models.PROTECT, related_name="+")
    weekly_periods_term_1 = models.DecimalField(max_digits=4, decimal_places=2)
    weekly_periods_term_2 = models.DecimalField(max_digits=4, decimal_places=2)
    is_elective = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "subject"], name="class_subject_once")]


class TeachingAssignment(models.Model):
    """Who teaches a class-subject. Integrated subjects have several teachers, each with a strand and a share."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(ClassSubject, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    strand = models.TextField(default="")
    share_percent = models.SmallIntegerField(default=100)
    leads = models.BooleanField(default=True)  # enters the mid-term and end-term marks
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "staff", "strand", "starts_on"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(share_percent__gt=0, share_percent__lte=100), name="assignment_share_percent"
            ),
        ]
        indexes = [models.Index(fields=["staff"], name="assignment_of_staff")]


class ElectiveChoice(models.Model):
    """That one pupil takes one elective subject of the class, from a day to a day."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(ClassSubject, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "class_subject", "starts_on"], name="elective_once"),
        ]


class Room(Record):
    """A room of a campus, until it is given up."""

    class Kind(models.TextChoices):
        CLASSROOM = "classroom"
        SUBJECT = "subject"  # phòng học bộ môn
        COMPUTER = "computer"
        LIBRARY = "library"
        GYM = "gym"
        STUDIO = "studio"
        OFFICE = "office"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices, default=Kind.CLASSROOM)
    seats = models.SmallIntegerField(null=True)
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "campus", "name"], name="room_once")]


class Device(Record):
    """A thing for digital teaching that the school owns or lends (indicator B3).

    code                the number in the school's asset book
    has_digital_record  its papers are in the system, not only a line in a book
    retired_on          the first day on which the school has it no more
    """

    class Kind(models.TextChoices):
        COMPUTER = "computer"
        LAPTOP = "laptop"
        TABLET = "tablet"
        PROJECTOR = "projector"
        SCREEN = "screen"
        BOARD = "board"
        CAMERA = "camera"
        PRINTER = "printer"
        OTHER = "other"

    class Condition(models.TextChoices):
        GOOD = "good"
        REPAIR = "repair"
        BROKEN = "broken"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    label = models.TextField()
    code = models.CharField(max_length=40, default="", db_default="")
    quantity = models.SmallIntegerField(default=1)
    condition = models.CharField(
        max_length=6, choices=Condition.choices, default=Condition.GOOD, db_default=Condition.GOOD
    )
    has_digital_record = models.BooleanField(default=True)
    retired_on = models.DateField(null=True)


class Connection(Record):
    """A line to the Internet, until it is given up."""

    class Kind(models.TextChoices):
        FIBRE = "fibre"
        MOBILE = "mobile"
        SATELLITE = "satellite"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    provider = models.TextField(default="", db_default="")
    megabits_per_second = models.IntegerField(null=True)
    retired_on = models.DateField(null=True)


class LearnerMeans(models.Model):
    """What one person has at hand to learn or teach online (indicator A1): the latest answer of a survey."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    has_device = models.BooleanField(null=True)
    has_connection = models.BooleanField(null=True)
    has_software = models.BooleanField(null=True)
    answered_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="learner_means_once")]


class RosterImport(Record):
    """One roster file on its way into a school year: uploaded, mapped, looked at, applied or cancelled.

    columns     what stands above each column and what it means: [{"index", "heading", "key", "field"}]
    preview     what the plan said when it was last made: see roster.preview
    applies_on  the day from which new enrolments hold and moved pupils leave their old class
    class_name  the class of every row that names none: a file may be the list of one class
    newcomers   ids of the people whom the import brought and opened accounts for, by role
    """

    class Source(models.TextChoices):
        EXCEL = "excel"
        ONEROSTER = "oneroster"

    class State(models.TextChoices):
        MAPPING = "mapping"
        PREVIEW = "preview"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=9, choices=Source.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAPPING)
    sheet = models.TextField(default="")
    heading_first = models.IntegerField(default=0)
    heading_last = models.IntegerField(default=0)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    preview = models.JSONField(default=dict)
    creates_classes = models.BooleanField(default=False)
    class_name = models.CharField(max_length=40, default="", db_default="")
    opens_accounts = models.BooleanField(default=False)
    newcomers = models.JSONField(default=dict, db_default={})
    applies_on = models.DateField()
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="roster_import_latest")]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.MAPPING, self.State.PREVIEW)


class ColumnChoice(models.Model):
    """What a school said a column of its files means; null where it leaves the column out.

    heading_key  the heading as roster.fields.heading_key writes it
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    heading_key = models.CharField(max_length=90)
    field = models.CharField(max_length=30, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "heading_key"], name="column_choice_once"),
        ]
