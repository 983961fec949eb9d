"""The calendar of a school: years, terms, days that are not what their weekday says."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class SchoolYear(Record):
    """One school year of one school, "2026-2027", with its own dates (the province fixes a frame, domain §2.4).

    is_set_up  the school says that it needs to be led no more, though it has taken no roll here
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=9)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_set_up = models.BooleanField(default=False, db_default=False)

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
