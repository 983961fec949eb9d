"""Everything that foundation hooks into, on one page."""
