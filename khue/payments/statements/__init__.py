"""Statements of banks as their programs save them: MT940, camt.053, Excel and CSV tables.

A reader never fails on what stands in a file: lines it does not understand are told with their place, and what is no
statement at all is refused with what to do next.
"""

from khue.payments.statements.reading import MOST_BYTES as MOST_BYTES
from khue.payments.statements.reading import Statement as Statement
from khue.payments.statements.reading import read as read

#: What files of banks are stored for.
STATEMENT = "payments.statement"
