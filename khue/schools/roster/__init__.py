"""Reading rosters: from the bytes of a file to rows of pupils with everything that is wrong with them.

Nothing in this package touches the database. The order of reading: container (is it safe), workbook (cells),
headings (which column is what), values (one cell), rows (one pupil), plan (what would change).
"""
