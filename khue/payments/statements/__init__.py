"""Statements as banks give them to a school: MT940, camt.053, or a table with Vietnamese headings as CSV.

    read(data) -> Statement

Only money that came is a line; what went out, and what a reader does not understand, is counted and told.
"""

from khue.payments.statements.reading import MOST_BYTES as MOST_BYTES
from khue.payments.statements.reading import Statement as Statement
from khue.payments.statements.reading import read as read
