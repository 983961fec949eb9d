"""Everything that schools hooks into, on one page."""
