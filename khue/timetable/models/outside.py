"""What goes out to calendars and comes in from FET."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


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
