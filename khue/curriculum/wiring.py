"""Everything that curriculum hooks into, on one page."""
