"""Everything that registry hooks into, on one page."""
