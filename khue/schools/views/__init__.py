"""Pages of the schools room."""
