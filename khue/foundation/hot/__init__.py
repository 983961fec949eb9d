"""The hot door: thousands of small writes at once, each acknowledged after its commit. See docs/decisions/0021."""
