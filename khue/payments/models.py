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


class BankLine(Record):
    """One transfer as the bank told of it, in a file or by its webhook, however often it tells.

    reference  the bank's own, or "~", the content and a number where the bank gives none
    content    what it says, whatever door told of it: see lines.content_of
    family     to whom it was written; null while nobody knows
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
