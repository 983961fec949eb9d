"""What a school does with money: set fees, send bills, take payments, place what nobody can place, close its days."""

from khue.payments.actions.answers import answer_fee as answer_fee
from khue.payments.actions.billing import Charge as Charge
from khue.payments.actions.billing import bill as bill
from khue.payments.actions.billing import cancel_invoice as cancel_invoice
from khue.payments.actions.billing import cancel_run as cancel_run
from khue.payments.actions.billing import issue_invoices as issue_invoices
from khue.payments.actions.billing import remind_families as remind_families
from khue.payments.actions.closing import close_day as close_day
from khue.payments.actions.counter import give_back as give_back
from khue.payments.actions.counter import pass_on as pass_on
from khue.payments.actions.counter import take_cash as take_cash
from khue.payments.actions.fees import end_fee as end_fee
from khue.payments.actions.fees import end_relief as end_relief
from khue.payments.actions.fees import grant_relief as grant_relief
from khue.payments.actions.fees import open_account as open_account
from khue.payments.actions.fees import set_fee as set_fee
from khue.payments.actions.hooks import close_hook as close_hook
from khue.payments.actions.hooks import open_hook as open_hook
from khue.payments.actions.hooks import take_call as take_call
from khue.payments.actions.statements import bring_statement as bring_statement
from khue.payments.actions.statements import take_statement as take_statement
from khue.payments.actions.transfers import Taken as Taken
from khue.payments.actions.transfers import assign_line as assign_line
from khue.payments.actions.transfers import return_line as return_line
from khue.payments.actions.transfers import take_lines as take_lines
