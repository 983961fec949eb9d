"""What comes to the books: transfers, receipts, reliefs, closings, statements, calls of banks."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.payments.models.books import CollectionAccount, Entry, FeeItem


class BankLine(Record):
    """One transfer as the bank told of it, in a file or by its webhook, however often it tells.

    reference  the bank's own, or "~", the content and a number where the bank gives none
    content    what it says, whatever door told of it: see lines.content_of
    family     to whom it was written; null while nobody knows
    settled_as  the state in which somebody said that nothing is left to do; in another state it waits again
    """

    class State(models.TextChoices):
        MATCHED = "matched"
        UNDER = "under"
        OVER = "over"
        DUPLICATE = "duplicate"
        UNKNOWN = "unknown"
        ASSIGNED = "assigned"
        RETURNED = "returned"  # the bank took it back

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100)
    content = models.CharField(max_length=32, default="", db_default="")
    on = models.DateField()
    amount = models.BigIntegerField()
    purpose = models.TextField()
    payer = models.TextField(default="")
    state = models.CharField(max_length=9, choices=State.choices)
    family = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    settled_as = models.CharField(max_length=9, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference", "amount"], name="bank_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_positive"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-id"], name="bank_lines_of_state"),
            models.Index(fields=["family", "on", "reference"], name="bank_lines_of_family"),
            models.Index(fields=["account", "content"], name="bank_lines_of_content"),
        ]


class Receipt(Record):
    """Biên lai: numbered 1, 2, 3 ... without a gap within its series and year (NĐ 254/2026); the database sees to it.

    account  whose series it is numbered in; null is the series of the cash box
    words    the amount as it is read aloud
    about    what it paid when it was written: titles of invoices
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    payer = models.TextField()
    amount = models.BigIntegerField()
    words = models.TextField()
    about = models.TextField(default="", db_default="")
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account", "year", "number"], name="receipt_number_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(number__gt=0, number__lt=100_000_000), name="receipt_number_8_digits"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="receipts_of_school")]


class ReceiptCounter(models.Model):
    """The last number given in a series and year; its row is locked while one is given, so that none is left out."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account", "year"], name="receipt_counter_once", nulls_distinct=False
            )
        ]


class Relief(Record):
    """That a child, or every child on some ground that its file states, pays less for a fee, or nothing.

    item    the fee; one that follows it under the same name has the same reliefs
    child   whom it is for; null where it holds for a ground
    ground  what the file of a person says, see Ground
    percent of the price taken off, 1 to 100; null where `price` says what one unit costs this child instead
    reason  with its evidence: number, day and issuer of the decision
    """

    class Ground(models.TextChoices):
        POOR = "poor_household"
        DISABLED = "disabled"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=14, choices=Ground.choices, default="")
    percent = models.PositiveSmallIntegerField(null=True)
    price = models.BigIntegerField(null=True)
    reason = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(child=None, ground__gt="") | Q(child__isnull=False, ground=""),
                name="relief_of_child_or_ground",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, price=None) | Q(percent=None, price__gte=0),
                name="relief_percent_or_price",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="relief_states_evidence"),
        ]


class Closing(Record):
    """The end of a day, and of every day before it: the books take no entry of them any more.

    cash, bank  where the two books stand at its end; the database refuses any other figure
    counted     what lay in the drawer, in đồng
    note        why the drawer held something else
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    cash = models.BigIntegerField()
    bank = models.BigIntegerField()
    counted = models.BigIntegerField()
    note = models.TextField(default="")
    receipts = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "on"], name="closing_once"),
            models.CheckConstraint(condition=Q(counted=F("cash")) | ~Q(note=""), name="closing_explains_difference"),
        ]


class Statement(Record):
    """A file of a bank that was brought, and what came of it. Nothing is taken from it until somebody says so."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)


class BankHook(Record):
    """An address at which a bank tells of an account by itself. Its secret is not kept: see hooks.secret_of."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(closed_at=None), name="bank_hook_one_open")
        ]


class BankCall(models.Model):
    """One call of a bank that was taken, so that the very same call is answered as before and does nothing again.

    digest  SHA-256 of its signature
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    hook = models.ForeignKey(BankHook, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    came_at = models.DateTimeField()
    new = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "digest"], name="bank_call_once")]
