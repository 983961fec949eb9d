"""Workbooks (.xlsx) as plain tables, whoever made them: container (is it safe), workbook (cells)."""
