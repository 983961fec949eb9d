"""Forms of the schools room."""
