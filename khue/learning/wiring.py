"""Everything that learning hooks into, on one page."""
