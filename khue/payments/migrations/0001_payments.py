import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import khue.foundation.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0009_forget_amended_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("bank", models.CharField(default="", max_length=6)),
                ("number", models.CharField(max_length=19)),
                ("holder", models.TextField()),
                ("is_open", models.BooleanField(default=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("reference", models.CharField(max_length=100)),
                ("on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("purpose", models.TextField()),
                ("payer", models.TextField(default="")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("matched", "Matched"),
                            ("under", "Under"),
                            ("over", "Over"),
                            ("duplicate", "Duplicate"),
                            ("unknown", "Unknown"),
                            ("assigned", "Assigned"),
                        ],
                        max_length=9,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "family",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.collectionaccount"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("key", models.CharField(max_length=48)),
                ("on", models.DateField()),
                ("written_at", models.DateTimeField()),
                ("written_by_id", models.BigIntegerField(null=True)),
                ("reason", models.TextField(default="")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FeeItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("name", models.TextField()),
                ("legal_basis", models.TextField()),
                (
                    "base",
                    models.CharField(
                        choices=[
                            ("month", "Month"),
                            ("term", "Term"),
                            ("year", "Year"),
                            ("meal", "Meal"),
                            ("day", "Day"),
                            ("once", "Once"),
                        ],
                        max_length=5,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("is_voluntary", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.collectionaccount"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("title", models.TextField()),
                ("total", models.BigIntegerField()),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.collectionaccount"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quantity", models.PositiveIntegerField()),
                ("price", models.BigIntegerField()),
                ("relief", models.BigIntegerField(default=0)),
                ("relief_reason", models.TextField(default="")),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="payments.invoice"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.feeitem"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.CharField(
                        choices=[
                            ("bank", "Bank"),
                            ("cash", "Cash"),
                            ("family", "Family"),
                            ("income", "Income"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=7,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.collectionaccount",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.entry"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.feeitem"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.UUIDField(default=khue.foundation.ids.uuid7, editable=False, unique=True)),
                ("year", models.SmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("payer", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("words", models.TextField()),
                ("issued_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.entry"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptCounter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.SmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="collectionaccount",
            constraint=models.UniqueConstraint(fields=("bank", "number"), name="collection_account_once"),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["organisation", "state", "-id"], name="bank_lines_of_state"),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["family", "on", "reference"], name="bank_lines_of_family"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.UniqueConstraint(fields=("account", "reference"), name="bank_line_once"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="bank_line_positive"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["organisation", "on"], name="entries_of_day"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("organisation", "key"), name="entry_once"),
        ),
        migrations.AddIndex(
            model_name="feeitem",
            index=models.Index(fields=["organisation", "valid_from"], name="fee_items_of_school"),
        ),
        migrations.AddConstraint(
            model_name="feeitem",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fee_amount_positive"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["family", "due_on", "id"], name="invoices_of_family"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["organisation", "-id"], name="invoices_of_school"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(condition=models.Q(("total__gt", 0)), name="invoice_total_positive"),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("relief__gte", 0),
                    (
                        "relief__lte",
                        django.db.models.expressions.CombinedExpression(models.F("price"), "*", models.F("quantity")),
                    ),
                ),
                name="relief_within_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("relief", 0), models.Q(("relief_reason", ""), _negated=True), _connector="OR"),
                name="relief_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("book", "family")), fields=["family", "organisation"], name="postings_of_family"
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["entry"], name="postings_of_entry"),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="posting_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("book", "family"), ("family__isnull", False)),
                    models.Q(models.Q(("book", "family"), _negated=True), ("family", None)),
                    _connector="OR",
                ),
                name="posting_of_family",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("organisation", "year", "number"), name="receipt_number_once"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0), ("number__lt", 100000000)), name="receipt_number_8_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptcounter",
            constraint=models.UniqueConstraint(fields=("organisation", "year"), name="receipt_counter_once"),
        ),
    ]
