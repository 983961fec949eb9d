"""Everything that assessment hooks into, on one page."""
