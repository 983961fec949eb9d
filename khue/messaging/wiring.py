"""Everything that messaging hooks into, on one page."""
