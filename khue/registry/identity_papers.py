"""The papers by which people prove who they are: a list a person, each paper from a day to a day."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class IdentityPaper(Record):
    """One identity paper of a person, as the national exchange specification lists them (domain §1.8).

    organisation   the body that keeps the person's file, by which the row is isolated
    issued_on      null where it is not known, and so is issuing_place where it is empty
    valid_from     the day from which the file has the paper; valid_to: the last day, once another took its place
    """

    class Kind(models.TextChoices):
        """Codes of the national catalogue."""

        BIRTH_CERTIFICATE = "1"
        OLD_IDENTITY_CARD = "2"  # chứng minh nhân dân
        OFFICER_CARD = "3"  # chứng minh sĩ quan quân đội
        POLICE_CARD = "4"  # chứng minh công an
        CITIZEN_CARD = "5"  # căn cước công dân
        PASSPORT = "6"
        HOUSEHOLD_BOOK = "7"  # sổ hộ khẩu
        OTHER = "8"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1, choices=Kind.choices)
    number = models.TextField()
    issued_on = models.DateField(null=True)
    issuing_place = models.TextField(default="", db_default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "number"], condition=Q(valid_to=None), name="identity_paper_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="identity_paper_dates_in_order"
            ),
        ]
