"""Khuê: one open digital-education platform for schools, provinces and the Ministry."""

__version__ = "0.1.0"
