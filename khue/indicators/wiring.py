"""Everything that indicators hooks into, on one page."""
