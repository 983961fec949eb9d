"""What a school does with money: set fees, send bills, take payments, place what nobody can place."""

from khue.payments.actions.billing import Charge as Charge
from khue.payments.actions.billing import cancel_invoice as cancel_invoice
from khue.payments.actions.billing import issue_invoices as issue_invoices
from khue.payments.actions.counter import give_back as give_back
from khue.payments.actions.counter import take_cash as take_cash
from khue.payments.actions.fees import open_account as open_account
from khue.payments.actions.fees import set_fee as set_fee
from khue.payments.actions.transfers import Taken as Taken
from khue.payments.actions.transfers import assign_line as assign_line
from khue.payments.actions.transfers import take_lines as take_lines
