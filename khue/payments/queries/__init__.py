"""What payments shows: invoices and what of them is paid, the work list of money that nobody can place, the books."""

from khue.payments.queries.books import Balance as Balance
from khue.payments.queries.books import Day as Day
from khue.payments.queries.books import day_of as day_of
from khue.payments.queries.invoices import Bill as Bill
from khue.payments.queries.invoices import BillLine as BillLine
from khue.payments.queries.invoices import bills_of as bills_of
from khue.payments.queries.invoices import code_to_scan as code_to_scan
from khue.payments.queries.invoices import invoice_of as invoice_of
from khue.payments.queries.invoices import lines_of as lines_of
from khue.payments.queries.invoices import standing_of as standing_of
from khue.payments.queries.invoices import visible_invoices as visible_invoices
from khue.payments.queries.work_list import line_of as line_of
from khue.payments.queries.work_list import visible_lines as visible_lines
from khue.payments.queries.work_list import who_it_may_be as who_it_may_be
