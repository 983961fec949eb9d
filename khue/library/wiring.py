"""Everything that library hooks into, on one page."""
