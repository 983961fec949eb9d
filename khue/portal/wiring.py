"""Everything that portal hooks into, on one page."""
