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
    is_voluntary  a family may decline it without a reason: it is billed only for children whose family said yes
    kind          its line in `catalogue`, empty for what a school thought of by itself
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
    kind = models.CharField(max_length=24, default="", db_default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fee_amount_positive")]
        indexes = [models.Index(fields=["organisation", "valid_from"], name="fee_items_of_school")]


class Answer(Record):
    """What a family answered to a voluntary fee for one child. Answers are added, never changed: the latest holds.

    item      the fee at its price: one that follows at another price is asked anew
    on_paper  the office wrote it down from a paper the family signed
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    says_yes = models.BooleanField()
    on_paper = models.BooleanField()
    answered_at = models.DateTimeField()
    answered_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["item", "child", "-id"], name="answers_of_fee")]


class Invoice(Record):
    """What a school asks of one family by a day. Its code names it in a transfer (payment_codes.code_of(id)).

    family  the child in whose name the family is kept: brothers and sisters at the school are billed together
    total   sum of the lines, kept because lists show it
    paid    what the family's money has paid of it: computed by `allocation`, kept by `reconciling` for the lists
    reminded_on  the last day on which the family was reminded of it
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    total = models.BigIntegerField()
    paid = models.BigIntegerField(default=0, db_default=0)
    issued_on = models.DateField()
    due_on = models.DateField()
    cancelled_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="invoice_total_positive"),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("total")), name="invoice_paid_within_total"),
        ]
        indexes = [
            models.Index(fields=["family", "due_on", "id"], name="invoices_of_family"),
            models.Index(fields=["organisation", "-id"], name="invoices_of_school"),
            models.Index(
                fields=["organisation", "-id"],
                name="invoices_still_open",
                condition=Q(cancelled_at=None, paid__lt=F("total")),
            ),
            models.Index(
                fields=["organisation", "family", "due_on"],
                include=["total", "paid"],
                name="invoices_owed",
                condition=Q(cancelled_at=None, paid__lt=F("total")),
            ),
        ]


class InvoiceLine(models.Model):
    """One fee of one child on an invoice.

    quantity     units of the fee's base: meals eaten, months, 1
    relief       đồng taken off, with the reason and its evidence; never more than the price
    first, last  the days it is asked for, where it is asked for days: they are not billed twice
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
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first=None, last=None) | Q(last__gte=F("first")), name="invoice_line_days_in_order"
            ),
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

    book     what the money is: see Book; family and account say whose and where, where that matters
    invoice  what cash paid, as its receipt names it; null for whatever `allocation` alone decides
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
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_not_zero"),
            models.CheckConstraint(condition=Q(invoice=None) | Q(book="family", amount__lt=0), name="posting_pays"),
            models.CheckConstraint(
                condition=Q(book="family", family__isnull=False) | (~Q(book="family") & Q(family=None)),
                name="posting_of_family",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "organisation"], name="postings_of_family", condition=Q(book="family")),
            models.Index(fields=["entry"], name="postings_of_entry"),
        ]


class BookDay(models.Model):
    """What moved in one book of a school on one day: the sum of its postings, kept by the database as they are written.

    Read by pages; what a closing states is compared with the postings themselves.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    book = models.CharField(max_length=7, choices=Posting.Book.choices)
    on = models.DateField()
    moved = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "book", "on"], name="book_day_once")]
