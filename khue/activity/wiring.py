"""Everything that activity hooks into, on one page."""
