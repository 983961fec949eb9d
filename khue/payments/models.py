"""Fees, invoices, and the ledger in which every đồng is written twice.

Money is integer đồng. A ledger entry is a set of postings whose sum the database itself holds at zero; postings are
never changed or removed, a mistake is written back by another entry.
"""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class CollectionAccount(Record):
    """A bank account into which a school collects. At the Treasury there is no BIN, and so no code to scan.

    bank    BIN, six digits; empty at the Treasury
    holder  as the bank writes it, for the printed slip
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    bank = models.CharField(max_length=6, default="")
    number = models.CharField(max_length=19)
    holder = models.TextField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "number"], name="collection_account_once")]


class FeeItem(Record):
    """Something a school collects for, and the act that allows it (domain §6.2).

    legal_basis   number, date and issuer of the decision; a school publishes it beside the amount
    amount        đồng for one unit of the base
    is_voluntary  a family may decline it without a reason
    """

    class Base(models.TextChoices):
        MONTH = "month"
        TERM = "term"
        YEAR = "year"
        MEAL = "meal"
        DAY = "day"
        ONCE = "once"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    legal_basis = models.TextField()
    base = models.CharField(max_length=5, choices=Base.choices)
    amount = models.BigIntegerField()
    is_voluntary = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fee_amount_positive")]
        indexes = [models.Index(fields=["organisation", "valid_from"], name="fee_items_of_school")]


class Invoice(Record):
    """What a school asks of one family by a day. Its code names it in a transfer (payment_codes.code_of(id)).

    family  the child in whose name the family is kept: brothers and sisters at the school are billed together
    total   sum of the lines, kept because lists show it
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    total = models.BigIntegerField()
    issued_on = models.DateField()
    due_on = models.DateField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(total__gt=0), name="invoice_total_positive")]
        indexes = [
            models.Index(fields=["family", "due_on", "id"], name="invoices_of_family"),
            models.Index(fields=["organisation", "-id"], name="invoices_of_school"),
        ]


class InvoiceLine(models.Model):
    """One fee of one child on an invoice.

    quantity  units of the fee's base: meals eaten, months, 1
    relief    đồng taken off, with the reason and its evidence; never more than the price
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    child = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price = models.BigIntegerField()
    relief = models.BigIntegerField(default=0)
    relief_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(relief__gte=0, relief__lte=F("price") * F("quantity")), name="relief_within_price"
            ),
            models.CheckConstraint(condition=Q(relief=0) | ~Q(relief_reason=""), name="relief_has_reason"),
        ]


class Entry(Record):
    """One event of money in the ledger. The same key is never written twice.

    key  what it follows from: "invoice:51", "bank:7", "cash:12", "undo:88"
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=48)
    on = models.DateField()
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="entry_once")]
        indexes = [models.Index(fields=["organisation", "on"], name="entries_of_day")]


class Posting(models.Model):
    """One side of an entry: debit above zero, credit below. The database lets no entry end unbalanced.

    book  what the money is: see Book; family and account say whose and where, where that matters
    """

    class Book(models.TextChoices):
        BANK = "bank"
        CASH = "cash"
        FAMILY = "family"  # what a family owes (debit) or has paid ahead (credit)
        INCOME = "income"
        UNKNOWN = "unknown"  # money that came and names nobody

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=7, choices=Book.choices)
    amount = models.BigIntegerField()
    family = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(FeeItem, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_not_zero"),
            models.CheckConstraint(
                condition=Q(book="family", family__isnull=False) | (~Q(book="family") & Q(family=None)),
                name="posting_of_family",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "organisation"], name="postings_of_family", condition=Q(book="family")),
            models.Index(fields=["entry"], name="postings_of_entry"),
        ]


class BankLine(Record):
    """One transfer as the bank told of it, in a file or by its webhook, however often it tells.

    reference  the bank's own, or a fingerprint of the line where the bank gives none
    family     to whom it was written; null while nobody knows
    """

    class State(models.TextChoices):
        MATCHED = "matched"
        UNDER = "under"
        OVER = "over"
        DUPLICATE = "duplicate"
        UNKNOWN = "unknown"
        ASSIGNED = "assigned"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100)
    on = models.DateField()
    amount = models.BigIntegerField()
    purpose = models.TextField()
    payer = models.TextField(default="")
    state = models.CharField(max_length=9, choices=State.choices)
    family = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="bank_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_positive"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-id"], name="bank_lines_of_state"),
            models.Index(fields=["family", "on", "reference"], name="bank_lines_of_family"),
        ]


class Receipt(Record):
    """Biên lai: numbered 1, 2, 3 ... without a gap within the school and year (NĐ 254/2026).

    words  the amount as it is read aloud
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    payer = models.TextField()
    amount = models.BigIntegerField()
    words = models.TextField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "number"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0, number__lt=100_000_000), name="receipt_number_8_digits"),
        ]


class ReceiptCounter(models.Model):
    """The last number given in a school and year; its row is locked while one is given, so that none is left out."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="receipt_counter_once")]
