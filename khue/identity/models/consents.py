"""The ledger of consent."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.identity.models.accounts import Account


class Consent(Record):
    """One yes, by one person, about one person, to one purpose in one wording. Withdrawn, it stays as history.

    organisation  the body that asked
    person        whose data it is about
    decided_by    the person who said yes: the person, or a representative
    purpose       a key of extensions.purposes
    text_version  the wording that was shown
    """

    class Capacity(models.TextChoices):
        SELF = "self"
        REPRESENTATIVE = "representative"

    class Channel(models.TextChoices):
        PAGE = "page"
        PAPER = "paper"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    text_version = models.TextField()
    decided_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=14, choices=Capacity.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    recorded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "decided_by"],
                condition=Q(withdrawn_at=None),
                name="consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "person"], name="consent_of_person")]
