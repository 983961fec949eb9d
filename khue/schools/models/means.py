"""What a school has to teach and learn with: rooms, devices, connections."""

from django.db import models

from khue.foundation.record import Record


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
