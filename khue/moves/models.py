"""A pupil's move between schools of two nodes, as this side knows it. docs/decisions/0250"""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Move(Record):
    """One side of a move: what it says, what it heard, and which case it belongs to.

    organisation   the school of this side; other_code, other_name: the other one, which other_node keeps
    thread         the same on both nodes
    case           of this side; null where the other school took its request back before it was heard of
    state, version, their_state, their_version, heard   see protocol.Standing
    ask            what the receiving school asked: protocol words, words.Ask
    release        what the school that is left said of the pupil: words.Release; empty until it let go
    person         the pupil's file at this side, once it is known
    left_place     giving: the enrolment that ended
    record         of the package: "" nobody knows, "none" there is none, "coming", "taken", "bad" with why
    package        giving: the file whose pieces are sent
    reason         giving: why the pupil is not let go, where it is not here
    pieces_at      giving: when pieces were last written
    posted_at      when a word was last written; changed_at: when something new was said or heard
    """

    class Transcript(models.TextChoices):
        UNKNOWN = ""
        NONE = "none"
        COMING = "coming"
        TAKEN = "taken"
        BAD = "bad"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    thread = models.UUIDField(unique=True)
    side = models.CharField(max_length=9)
    case = models.ForeignKey("procedures.Case", null=True, on_delete=models.PROTECT, related_name="+")
    other_node = models.UUIDField()
    other_code = models.CharField(max_length=35)
    other_name = models.TextField()
    state = models.CharField(max_length=12)
    version = models.IntegerField()
    their_state = models.CharField(max_length=12, default="")
    their_version = models.IntegerField(default=0)
    heard = models.IntegerField(default=0)
    ask = models.JSONField(default=dict)
    release = models.JSONField(default=dict)
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    left_place = models.ForeignKey("schools.Enrolment", null=True, on_delete=models.PROTECT, related_name="+")
    record = models.CharField(max_length=6, choices=Transcript.choices, default="")
    record_problem = models.TextField(default="")
    package = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    pieces_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["receiving", "giving"]), name="move_side"),
        ]
        indexes = [
            models.Index(fields=["changed_at"], name="move_changed"),
            models.Index(fields=["case"], name="move_of_case"),
        ]


class Piece(models.Model):
    """One piece of a package that is coming, from 1. All are forgotten once they are put together."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    move = models.ForeignKey(Move, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move", "number"], name="piece_once")]
