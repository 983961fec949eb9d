"""One address for everything: hot door, live door, static files, and pages behind. See docs/decisions/0020."""
