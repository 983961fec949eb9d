"""The tables of payments, by their canonical path."""

from khue.payments.models.books import (
    Answer,
    BookDay,
    CollectionAccount,
    Entry,
    FeeItem,
    Invoice,
    InvoiceLine,
    Posting,
)
from khue.payments.models.doors import (
    BankCall,
    BankHook,
    BankLine,
    Closing,
    Receipt,
    ReceiptCounter,
    Relief,
    Statement,
)

__all__ = [
    "Answer",
    "BankCall",
    "BankHook",
    "BankLine",
    "BookDay",
    "Closing",
    "CollectionAccount",
    "Entry",
    "FeeItem",
    "Invoice",
    "InvoiceLine",
    "Posting",
    "Receipt",
    "ReceiptCounter",
    "Relief",
    "Statement",
]
