"""Everything that gradebook hooks into, on one page."""
