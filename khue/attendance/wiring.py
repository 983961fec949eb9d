"""Everything that attendance hooks into, on one page."""
