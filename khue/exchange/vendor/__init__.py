"""Reading the Excel files that other programs write in the headings of the sector database. Nothing here asks the
database: what a file is (columns), what a cell says (cells), how that stands to our rows (comparing).
"""
