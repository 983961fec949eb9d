"""Budgets, measured. `make bench`, or `make bench NAME=hot`: see bench/__main__.py."""
