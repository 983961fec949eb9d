"""Everything that demo hooks into, on one page."""
