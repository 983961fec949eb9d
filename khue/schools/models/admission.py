"""Admission into a first year of a school: who may come, how many seats there are, and who waits where."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class AdmissionPlan(Record):
    """The published rule by which a school fills the seats of one grade in one year. Never changed once it is open.

    planned_by   the office that manages the school and planned for it; null where the school itself did
    procedure    the key of the procedure that is filed for it
    who, papers  who may apply and what to bring, one a line, as the office writes it
    zones        the catchment: [{"commune": "Mỹ An", "street": "Ấp 3"}]; street "" is the whole commune
    capacity     seats
    is_drawn     whether seats within a class of priority are drawn by lot; else the order of receipt decides
    seed_digest  SHA-256 of the seed of the lot, published before anybody files; seed: revealed when seats are given
    joined       how many joined so far: the number of the last place
    seating      the job that gives the seats, once somebody asked for it
    placing      the job that puts the admitted into classes, the last one asked for
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    planned_by = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.SlugField(max_length=60)
    year = models.CharField(max_length=9)
    who = models.TextField(default="")
    papers = models.TextField(default="")
    zones = models.JSONField(default=list)
    capacity = models.PositiveIntegerField()
    is_drawn = models.BooleanField(default=False)
    seed_digest = models.CharField(max_length=64, default="")
    seed = models.TextField(default="")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    joined = models.PositiveIntegerField(default=0)
    seating = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    seated_at = models.DateTimeField(null=True)
    placing = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "procedure", "year"], name="admission_plan_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="admission_opens_before_it_closes"),
            models.CheckConstraint(condition=Q(is_drawn=False) | ~Q(seed_digest=""), name="admission_lot_has_digest"),
        ]


class AdmissionPlace(models.Model):
    """One application's place: its class of priority, and its number by receipt, 1, 2, 3 ... within the plan.

    child      whose it is, so that nobody stands twice in a queue: a digest of name and birth date
    judged     why the office put it into another class of priority than the family's words give; "" where it did not
    enrolment  the class the child was put into after it got a seat
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.ForeignKey(AdmissionPlan, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.OneToOneField("procedures.Case", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    priority = models.SmallIntegerField()
    number = models.PositiveIntegerField()
    child = models.CharField(max_length=64, default="")
    judged = models.TextField(default="")
    enrolment = models.ForeignKey("schools.Enrolment", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="admission_number_once"),
            models.UniqueConstraint(fields=["plan", "priority", "number"], name="admission_place_once"),
        ]
        indexes = [models.Index(fields=["plan", "child"], name="admission_child")]
